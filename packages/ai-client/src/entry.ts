import type { BytesValue } from '@ai-toolkit/core-cache';
import type { TokenUsage } from './call-record.js';
import { AiError } from './errors.js';
import { parseExactJson } from './exact-json.js';
import { type JsonObject, parseJsonObject } from './json.js';
import type { ByteRange, EventGroup } from './sse/event-group.js';
import { readEvents } from './sse/events.js';
import type { SurfaceAdapter } from './surfaces/adapter.js';
import { foldEvents } from './surfaces/event-folder.js';
import { findUsageEvent } from './surfaces/stream-reader.js';

/** What is kept beside the bytes of a stored answer. Small: it is read with every hit. */
export interface EntryMetadata {
  /** `stream`: the bytes are the events as they came. `body`: they are the JSON body as it came. */
  readonly shape: 'stream' | 'body';
  /** Name of the answer, part of the ids of its events. */
  readonly name: string;
  readonly usage?: TokenUsage;
  /** Time that the provider took, ms. */
  readonly upstreamMs: number;
  /** Byte range of the event that only reports usage: left out for a caller who did not ask for it. */
  readonly usageEvent?: ByteRange;
  /** Who answered, where the key does not say it: of a vector alone. */
  readonly answerer?: { readonly provider: string; readonly model: string };
  /** In which fields the request differs from another one: see `explain/fingerprint.ts`. */
  readonly fingerprint?: string;
  /** Belongs to `request`. */
  readonly scope?: KeptScope;
}

/** What selects an answer beside the body, and cannot be read from the fingerprint. Never credentials. */
export interface KeptScope {
  /** Absent for a server that has no name but its address. */
  readonly provider?: string;
  readonly namespace?: string;
  /** The key that the caller gave in place of the body. */
  readonly ownKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One stored answer, in the shape and the bytes in which the provider gave it: nothing is lost by storing. */
export interface Entry extends BytesValue<EntryMetadata> {
  /** The body of the request as the provider was asked it; absent where it is not kept. */
  readonly request?: Uint8Array;
}

/** The answer as a body of JSON, whichever shape it is kept in. */
export function entryAsBody(entry: Entry, adapter: SurfaceAdapter): Uint8Array {
  if (entry.metadata.shape === 'body') return entry.bytes;
  const { body } = foldEvents(adapter.createFolder(), readEvents(entry.bytes));
  if (body === undefined) throw invalid('The stored stream does not make an answer.');
  return Buffer.from(JSON.stringify(body));
}

/** The answer as events, whichever shape it is kept in. */
export function entryAsEvents({ metadata, bytes }: Entry, adapter: SurfaceAdapter): EventGroup {
  if (metadata.shape === 'body') return bodyAsEvents(bytes, adapter);
  const { usageEvent } = metadata;
  return usageEvent === undefined ? { bytes } : { bytes, usageEvent };
}

/** A body as the events that a streamed request would have got. */
export function bodyAsEvents(body: Uint8Array, adapter: SurfaceAdapter): EventGroup {
  const bytes = adapter.expand(parseBody(body));
  const usageEvent = findUsageEvent(adapter, bytes);
  return usageEvent === undefined ? { bytes } : { bytes, usageEvent };
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
