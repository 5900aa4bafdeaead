/** Encodings that a text may begin by naming, with a mark. Shells of Windows write the first of them. */
const marked: readonly (readonly [first: number, second: number, encoding: string])[] = [
  [0xff, 0xfe, 'utf-16le'],
  [0xfe, 0xff, 'utf-16be'],
];

/**
 * The text that bytes are, without a byte order mark; `undefined` for what is none, such as an image, told by a zero as git does. A byte
 * here and there that is no UTF-8, as in an old log, keeps nobody from the rest.
 */
export function textOf(bytes: Uint8Array): string | undefined {
  const encoding = marked.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2];
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0') ? undefined : text;
}
