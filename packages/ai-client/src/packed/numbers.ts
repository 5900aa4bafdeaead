/** Writes a number as LEB128: seven bits per byte, lowest first; the high bit marks continuation. Returns the offset after it. */
export function writeNumber(target: Uint8Array, at: number, value: number): number {
  let end = at;
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) target[end++] = (left % 0x80) + 0x80;
  target[end++] = left;
  return end;
}

/** Bytes of the longest number. */
export const longestNumber = 8;

/** Reads consecutive numbers and bytes. Throws a `RangeError` if the input ends prematurely. */
export class NumberReader {
  readonly bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 0x80) {
      const byte = this.bytes[this.position++];
      if (byte === undefined || weight > Number.MAX_SAFE_INTEGER) throw cutShort();
      value += (byte % 0x80) * weight;
      if (byte < 0x80) return value;
    }
  }

  /** Copies the next bytes to `target`. */
  copy(length: number, target: Buffer, at: number): void {
    const end = this.position + length;
    if (end > this.bytes.length || at + length > target.length) throw cutShort();
    this.bytes.copy(target, at, this.position, end);
    this.position = end;
  }
}

export function cutShort(): RangeError {
  return new RangeError('What was packed is cut short, or is none.');
}
