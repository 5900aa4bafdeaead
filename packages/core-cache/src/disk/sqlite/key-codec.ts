/** How keys become bytes whose order is theirs. */
export interface KeyCodec<K> {
  encode(key: K): Uint8Array;
  decode(bytes: Uint8Array): K;
}

/** UTF-16, big end first: any string survives, lone surrogates too, and prefixes stay side by side. */
export const textKey: KeyCodec<string> = {
  encode: (key) => Buffer.from(key, 'utf16le').swap16(),
  decode: (bytes) => Buffer.from(bytes).swap16().toString('utf16le'),
};

/** Numbers from 0 on: the bytes of a double, big end first, are in the order of the numbers. */
export const numberKey: KeyCodec<number> = {
  encode: (key) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(key);
    return bytes;
  },
  decode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, 8).readDoubleBE(),
};

export const pairKey: KeyCodec<[number, number]> = {
  encode: ([first, second]) => Buffer.concat([numberKey.encode(first), numberKey.encode(second)]),
  decode: (bytes) => [numberKey.decode(bytes.subarray(0, 8)), numberKey.decode(bytes.subarray(8))],
};
