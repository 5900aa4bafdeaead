/** How keys become what a column holds, in an order that is theirs. */
export interface KeyCodec<K, S extends Uint8Array | number = Uint8Array> {
  encode(key: K): S;
  decode(stored: S): K;
}

/** UTF-16, big end first: any string survives, lone surrogates too, and prefixes stay side by side. */
export const textKey: KeyCodec<string> = {
  encode: (key) => Buffer.from(key, 'utf16le').swap16(),
  decode: (bytes) => Buffer.from(bytes).swap16().toString('utf16le'),
};

/** Whole numbers, as SQLite has them. */
export const numberKey: KeyCodec<number, number> = { encode: (key) => key, decode: (stored) => stored };

/** Numbers from 0 on: the bytes of a double, big end first, are in the order of the numbers. */
export const pairKey: KeyCodec<[number, number]> = {
  encode: ([first, second]) => {
    const bytes = Buffer.allocUnsafe(16);
    bytes.writeDoubleBE(first, 0);
    bytes.writeDoubleBE(second, 8);
    return bytes;
  },
  decode: (stored) => {
    const bytes = Buffer.from(stored.buffer, stored.byteOffset, 16);
    return [bytes.readDoubleBE(0), bytes.readDoubleBE(8)];
  },
};
