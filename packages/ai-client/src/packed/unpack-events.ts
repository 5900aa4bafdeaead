import { asBuffer } from '../as-buffer.js';
import { cutShort, NumberReader } from './numbers.js';

/** Restores the events packed by a `PackedWriter`, `length` bytes. Throws a `RangeError` for invalid input. */
export function unpackEvents(packed: Uint8Array, length: number): Buffer {
  const reader = new NumberReader(asBuffer(packed));
  const events = Buffer.allocUnsafeSlow(length);
  let at = 0;
  while (reader.position < packed.length) {
    const head = reader.number();
    if (head % 2 === 1) at = unpackRun(reader, (head - 1) / 2, events, at);
    else {
      reader.copy(head / 2, events, at);
      at += head / 2;
    }
  }
  if (at !== length) throw cutShort();
  return events;
}

/** Restores a run; returns the position after it. */
function unpackRun(reader: NumberReader, holes: number, events: Buffer, start: number): number {
  const template = start - reader.number();
  /** The parts around the holes: start and end of each within the output so far. */
  const pieces: number[] = [];
  let from = template;
  for (let left = holes; left > 0; left--) {
    const hole = from + reader.number();
    pieces.push(from, hole);
    from = hole + reader.number();
    if (from > start) throw cutShort();
  }
  if (template < 0) throw cutShort();
  pieces.push(from, start);
  let at = start;
  for (let first = reader.number(); first > 0; first = reader.number()) {
    for (let piece = 0; piece < pieces.length; piece += 2) {
      const begin = pieces[piece] as number;
      const end = pieces[piece + 1] as number;
      if (piece > 0) {
        const hole = piece === 2 ? first - 1 : reader.number();
        reader.copy(hole, events, at);
        at += hole;
      }
      if (at + end - begin > events.length) throw cutShort();
      events.copyWithin(at, begin, end);
      at += end - begin;
    }
  }
  return at;
}
