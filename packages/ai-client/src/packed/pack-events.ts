import { asBuffer } from '../as-buffer.js';
import { addNumber } from './numbers.js';

/*
 * Events of a stream in few bytes. Nearly every event is the one before with another text: of such a run the text alone is kept. One byte
 * is one character here, so that whatever came is kept as it was. The form, again and again until the end:
 *
 *   number n, n bytes     bytes as they are
 *   number t, p, s        a run: the last t bytes so far are an event, and each of the run begins with its first p and ends with its last s
 *   number c              so many events are in the run
 *   c times: number m, m bytes     what stands between beginning and end
 *
 * Numbers are those of `numbers.ts`. Bytes and runs take turns, bytes first; either may be empty, then its first number is 0.
 */

/** What two events share has to be worth the numbers of a run. */
const leastShared = 24;

/** Packs whole events, into memory of their own; `undefined` when that would not make them shorter. */
export function packEvents(events: Uint8Array): Buffer | undefined {
  const text = asBuffer(events).toString('latin1');
  let packed = '';
  /** Where the bytes begin that are kept as they are. */
  let plainStart = 0;
  let start = 0;
  let end = endOfEvent(text, 0);
  while (end < text.length) {
    const run = runBehind(text, start, end);
    if (run === undefined) {
      start = end;
      end = endOfEvent(text, end);
      continue;
    }
    packed += addNumber(end - plainStart) + text.slice(plainStart, end);
    packed += addNumber(end - start) + addNumber(run.prefix) + addNumber(run.suffix);
    packed += addNumber(run.count) + run.middles;
    plainStart = run.end;
    start = run.lastStart;
    end = run.end;
  }
  packed += addNumber(text.length - plainStart) + text.slice(plainStart);
  if (packed.length >= text.length) return undefined;
  const bytes = Buffer.allocUnsafeSlow(packed.length);
  bytes.write(packed, 'latin1');
  return bytes;
}

interface Run {
  /** Lengths of what its events have in common with the one before it. */
  readonly prefix: number;
  readonly suffix: number;
  readonly count: number;
  readonly middles: string;
  /** Where its last event begins. */
  readonly lastStart: number;
  readonly end: number;
}

/** The run behind the event from `start` to `end`. */
function runBehind(text: string, start: number, end: number): Run | undefined {
  const nextEnd = endOfEvent(text, end);
  const shared = sharedBy(text, start, end, nextEnd);
  if (shared === undefined) return undefined;
  const [prefix, suffix] = shared;
  const beginning = text.slice(start, start + prefix);
  const ending = text.slice(end - suffix, end);
  let middles = '';
  let count = 0;
  let lastStart = start;
  let at = end;
  for (let to = nextEnd; at < text.length; to = endOfEvent(text, at)) {
    const middleStart = at + prefix;
    const middleEnd = to - suffix;
    // Slices compared as wholes, as in `RepeatedEvent`.
    if (middleEnd < middleStart || text.slice(at, middleStart) !== beginning) break;
    if (text.slice(middleEnd, to) !== ending) break;
    middles += addNumber(middleEnd - middleStart) + text.slice(middleStart, middleEnd);
    count++;
    lastStart = at;
    at = to;
  }
  return { prefix, suffix, count, middles, lastStart, end: at };
}

/**
 * Lengths of what two events, one behind the other, begin and end with. Both are cut back to a quotation mark: what two texts have in
 * common by chance, the third one has not.
 */
function sharedBy(
  text: string,
  start: number,
  end: number,
  nextEnd: number,
): [prefix: number, suffix: number] | undefined {
  const most = Math.min(end - start, nextEnd - end);
  let prefix = 0;
  while (prefix < most && text.charCodeAt(start + prefix) === text.charCodeAt(end + prefix)) prefix++;
  if (prefix < most) prefix = text.slice(start, start + prefix).lastIndexOf('"') + 1;
  if (prefix === 0) return undefined;
  let suffix = 0;
  const left = most - prefix;
  while (suffix < left && text.charCodeAt(end - 1 - suffix) === text.charCodeAt(nextEnd - 1 - suffix))
    suffix++;
  const quote = text.slice(end - suffix, end).indexOf('"');
  if (quote > 0) suffix -= quote;
  return prefix + suffix < leastShared ? undefined : [prefix, suffix];
}

/** Behind the blank line that ends the event at `start`. */
function endOfEvent(text: string, start: number): number {
  const blank = text.indexOf('\n\n', start);
  return blank < 0 ? text.length : blank + 2;
}
