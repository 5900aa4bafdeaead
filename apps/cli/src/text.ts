/** Encodings recognised by their byte order mark. Windows shells write the first one. */
const marked: readonly (readonly [first: number, second: number, encoding: string])[] = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
];

/** Largest text taken from a file or from stdin, bytes: more than any model takes. */
const maxTextBytes = 64 * 2 ** 20;

/** Reads all of a stream as text. Fails with a `TypeError` that uses `name` if it is too large or not text. */
export async function readText(stream: AsyncIterable<Buffer>, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxTextBytes)
      throw new TypeError(`${name} has more than ${maxTextBytes} bytes, which no model takes.`);
    chunks.push(chunk);
  }
  const text = textOf(Buffer.concat(chunks));
  if (text === undefined) throw new TypeError(`${name} is not text.`);
  return text;
}

/**
 * Decodes text without its byte order mark; `undefined` for binary data such as an image, detected by a NUL as in git.
 * Stray bytes that are not UTF-8, as in an old log, are tolerated.
 */
function textOf(bytes: Uint8Array): string | undefined {
  const encoding = marked.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2];
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0') ? undefined : text;
}
