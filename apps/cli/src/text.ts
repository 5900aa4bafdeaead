/** Encodings recognised by their byte order mark. Windows shells write the first one. */
const marked: readonly (readonly [first: number, second: number, encoding: string])[] = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
];

/**
 * Decodes text without its byte order mark; `undefined` for binary data such as an image, detected by a NUL as in git.
 * Stray bytes that are not UTF-8, as in an old log, are tolerated.
 */
export function textOf(bytes: Uint8Array): string | undefined {
  const encoding = marked.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2];
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0') ? undefined : text;
}
