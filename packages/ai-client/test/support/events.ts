import fc from 'fast-check';
import type { JsonObject } from '../../src/json.js';
import { parseJsonObject } from '../../src/json.js';
import { readEvents, type SseEvent, writeEvent } from '../../src/sse/events.js';
import { SseFramer } from '../../src/sse/framer.js';

/** The payloads of a stream's events, in order. */
export function payloads(bytes: Uint8Array): JsonObject[] {
  return readEvents(bytes).map(({ data }) => parseJsonObject(data) ?? {});
}

/** The events with these payloads, each named by its type. */
export function eventsOf(list: readonly JsonObject[]): SseEvent[] {
  return readEvents(
    Buffer.from(list.map((event) => writeEvent(String(event.type), JSON.stringify(event))).join('')),
  );
}

/** The types of a stream's events; a run of deltas counts once. */
export function outline(bytes: Uint8Array): unknown[] {
  return payloads(bytes)
    .map(({ type }) => type)
    .filter((type, index, all) => type !== all[index - 1]);
}

/** The groups of whole events that a pipeline forms from a stream that the network split at these positions. */
export function groupsOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const framer = new SseFramer();
  const groups: Uint8Array[] = [];
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    const group = framer.push(bytes.subarray(start, end));
    if (group !== undefined) groups.push(group);
    start = end;
  }
  const rest = framer.rest();
  return rest === undefined ? groups : [...groups, rest];
}

/** The events that a pipeline sees of such a stream. */
export function reframed(bytes: Uint8Array, cuts: readonly number[]): SseEvent[] {
  return readEvents(Buffer.concat(groupsOf(bytes, cuts)));
}

export const cuts: fc.Arbitrary<number[]> = fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 20 });

/** Text that is hard for framing and decoding: line ends, surrogate pairs, quotes, only white space. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom(' ', '\n\n', 'data: x\n\n', 'a\r\nb', '😀 "quoted" \\ 漢字', '  two  spaces  '),
);

/** A text cut at arbitrary places, also in the middle of a surrogate pair. */
export function cutText(whole: string, at: readonly number[]): string[] {
  const ends = [...new Set(at.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
  return [...ends, whole.length].map((end, index) => whole.slice(index === 0 ? 0 : ends[index - 1], end));
}

/** The value after a round trip through JSON. */
export function asJson(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
