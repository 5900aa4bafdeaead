import type { TokenUsage } from '../call-record.js';
import { parseJsonObject } from '../json.js';
import type { EventGroup } from '../sse/event-group.js';
import { readEvent } from '../sse/events.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';

/** Adds members to the event that reports usage; leaves everything else as written. */
export function noteInUsage(
  { bytes, usageEvent }: EventGroup,
  adapter: Pick<SurfaceAdapter, 'usage'>,
  note: (usage: TokenUsage | undefined) => Readonly<Record<string, unknown>>,
): EventGroup {
  if (usageEvent === undefined) return { bytes };
  const [start, end] = usageEvent;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  const body = parseJsonObject(readEvent(text, 0, text.length)?.data ?? '');
  if (body === undefined) return { bytes, usageEvent };
  const members = JSON.stringify(note(adapter.usage(body))).slice(1, -1);
  const brace = text.lastIndexOf('}');
  const noted = Buffer.from(
    `${text.slice(0, brace)}${members === '' ? '' : `,${members}`}${text.slice(brace)}`,
  );
  return {
    bytes: Buffer.concat([bytes.subarray(0, start), noted, bytes.subarray(end)]),
    usageEvent: [start, start + noted.length],
  };
}
