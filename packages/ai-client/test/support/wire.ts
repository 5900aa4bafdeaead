import fc from 'fast-check';
import type { JsonObject } from '../../src/json.js';

/** Variations of how a server writes events, which an answer must not depend on. */
export interface WireStyle {
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly byteOrderMark: boolean;
  /** A comment as an event of its own after every so many events; 0 for none. */
  readonly commentEvery: number;
  /** A comment, an id and a reconnection time inside the events. */
  readonly extras: boolean;
  /** No space after the colon. */
  readonly tight: boolean;
}

export const wireStyle: fc.Arbitrary<WireStyle> = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  byteOrderMark: fc.boolean(),
  commentEvery: fc.nat({ max: 3 }),
  extras: fc.boolean(),
  tight: fc.boolean(),
});

/** Events as bytes; each is a payload, or a text such as `[DONE]`. `named`: each has its type as its name. */
export function wire(events: readonly (JsonObject | string)[], style: WireStyle, named: boolean): Buffer {
  const { lineEnd, byteOrderMark, commentEvery, extras, tight } = style;
  const colon = tight ? ':' : ': ';
  const pieces = events.map((event, index) => {
    const lines = [
      ...(extras ? [': keep-alive', `id${colon}${index}`, `retry${colon}500`] : []),
      ...(named && typeof event !== 'string' ? [`event${colon}${String(event.type)}`] : []),
      `data${colon}${typeof event === 'string' ? event : JSON.stringify(event)}`,
      '',
      '',
    ];
    const comment = commentEvery > 0 && index % commentEvery === 0 ? `: ping${lineEnd}${lineEnd}` : '';
    return comment + lines.join(lineEnd);
  });
  return Buffer.from(`${byteOrderMark ? '\uFEFF' : ''}${pieces.join('')}`);
}

/** Interleaves the items of several lists, keeping the order within each. */
export function interleave<T>(lists: readonly (readonly T[])[], picks: readonly number[]): T[] {
  const left = lists.map((list) => [...list]).filter((list) => list.length > 0);
  const merged: T[] = [];
  for (let turn = 0; left.length > 0; turn++) {
    const at = (picks[turn % Math.max(1, picks.length)] ?? 0) % left.length;
    const list = left[at] ?? [];
    merged.push(list.shift() as T);
    if (list.length === 0) left.splice(at, 1);
  }
  return merged;
}
