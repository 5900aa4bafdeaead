import { asBuffer } from '../as-buffer.js';
import { cutShort, NumberReader } from './numbers.js';

/** The events that `packEvents` was given, `length` bytes. Throws a `RangeError` for anything else. */
export function unpackEvents(packed: Uint8Array, length: number): Buffer {
  const reader = new NumberReader(asBuffer(packed));
  const events = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (;;) {
    const plain = reader.number();
    reader.copy(plain, events, at);
    at += plain;
    if (reader.position === packed.length) break;
    at = unpackRun(reader, events, at);
  }
  if (at !== length) throw cutShort();
  return events;
}

/** Returns the position behind the run. */
function unpackRun(reader: NumberReader, events: Buffer, start: number): number {
  const template = start - reader.number();
  const prefix = reader.number();
  const suffix = reader.number();
  const count = reader.number();
  const ending = start - suffix;
  if (template < 0 || template + prefix > start || ending < template) throw cutShort();
  let at = start;
  for (let left = count; left > 0; left--) {
    const middle = reader.number();
    if (at + prefix + middle + suffix > events.length) throw cutShort();
    events.copyWithin(at, template, template + prefix);
    reader.copy(middle, events, at + prefix);
    events.copyWithin(at + prefix + middle, ending, start);
    at += prefix + middle + suffix;
  }
  return at;
}
