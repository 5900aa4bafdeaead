import { type BytesValue, bytesCodec, type Codec } from '@ai-toolkit/core-cache';
import type { TokenUsage } from './call-record.js';
import { AiError } from './errors.js';
import { parseExactJson } from './exact-json.js';
import { type JsonObject, parseJsonObject } from './json.js';
import { readEvents } from './sse/events.js';
import type { SurfaceAdapter } from './surfaces/adapter.js';

/** What is kept beside the bytes of a stored answer. Small: it is read with every hit. */
export interface EntryMetadata {
  /** `stream`: the bytes are the events as they came. `body`: they are the JSON body as it came. */
  readonly shape: 'stream' | 'body';
  readonly usage?: TokenUsage;
  /** Time that the provider took, ms. */
  readonly upstreamMs: number;
  /** Byte range of the event that only reports usage: left out for a caller who did not ask for it. */
  readonly usageEvent?: readonly [start: number, end: number];
}

/** One stored answer, in the shape and the bytes in which the provider gave it: nothing is lost by storing. */
export type Entry = BytesValue<EntryMetadata>;

/** Entries on disk and in Redis. The key's schema version keeps metadata of another shape from being read. */
export const entryCodec: Codec<Entry> = bytesCodec as Codec<Entry>;

/** The answer as a body of JSON, whichever shape it is kept in. */
export function entryAsBody(entry: Entry, adapter: SurfaceAdapter): Uint8Array {
  if (entry.metadata.shape === 'body') return entry.bytes;
  const { body } = adapter.fold(readEvents(entry.bytes));
  if (body === undefined) throw invalid('The stored stream does not make an answer.');
  return Buffer.from(JSON.stringify(body));
}

/** The answer as events, whichever shape it is kept in. */
export function entryAsStream(entry: Entry, adapter: SurfaceAdapter, withUsage: boolean): Uint8Array {
  const { metadata, bytes } = entry;
  if (metadata.shape === 'body') return bodyAsStream(bytes, adapter, withUsage);
  return withUsage || metadata.usageEvent === undefined ? bytes : cutOut(bytes, metadata.usageEvent);
}

/** Writes a body as the events that a streamed request would have got. */
export function bodyAsStream(bytes: Uint8Array, adapter: SurfaceAdapter, withUsage: boolean): Uint8Array {
  const events = adapter.expand(parseBody(bytes));
  return withUsage ? events : withoutUsageEvent(events, adapter);
}

/** The events without the one that only reports usage. */
function withoutUsageEvent(bytes: Uint8Array, adapter: SurfaceAdapter): Uint8Array {
  const range = adapter.findUsageEvent(bytes);
  return range === undefined ? bytes : cutOut(bytes, range);
}

/** The bytes without a range of them. */
export function cutOut(bytes: Uint8Array, [start, end]: readonly [start: number, end: number]): Uint8Array {
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

function parseBody(bytes: Uint8Array): JsonObject {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  // It is written again as events, and must not lose a digit on the way.
  const body = parseJsonObject(text, parseExactJson);
  if (body === undefined) throw invalid("The provider's answer is not a JSON object.");
  return body;
}

function invalid(message: string): AiError {
  return new AiError('AI_RESPONSE_INVALID', message, {
    hint: 'Ask again past the cache; when it stays so, look at what the provider sends.',
    retryable: true,
  });
}
