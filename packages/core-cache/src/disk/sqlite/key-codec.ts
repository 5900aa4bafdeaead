/** Encodes keys for a column so that they sort in the order of the keys. */
export interface KeyCodec<K, S extends Uint8Array | number = Uint8Array> {
  encode(key: K): S;
  decode(stored: S): K;
}

/** UTF-16, big-endian: any string survives, even with lone surrogates, and keys with a common prefix stay adjacent. */
export const textKey: KeyCodec<string> = {
  encode: (key) => Buffer.from(key, 'utf16le').swap16(),
  decode: (bytes) => Buffer.from(bytes).swap16().toString('utf16le'),
};

/** Whole numbers, stored as SQLite integers. */
export const numberKey: KeyCodec<number, number> = { encode: (key) => key, decode: (stored) => stored };

/** Non-negative numbers: as big-endian doubles, their bytes sort in numeric order. */
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
