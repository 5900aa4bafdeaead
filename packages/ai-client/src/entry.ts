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

/** Metadata of a stored answer. Small: it is read on every hit. */
export interface EntryMetadata {
  /** `stream`: the bytes are the events as received. `body`: they are the JSON body as received. */
  readonly shape: 'stream' | 'body';
  /** Name of the answer, part of its event ids. */
  readonly name: string;
  readonly usage?: TokenUsage;
  /** Time the provider took, ms. */
  readonly upstreamMs: number;
  /** Byte range of the event that only reports usage: omitted for a caller who did not request it. */
  readonly usageEvent?: ByteRange;
  /** Which provider and model answered, if the key does not determine it: set only for vectors. */
  readonly answerer?: { readonly provider: string; readonly model: string };
  /** Lets `explain` find the fields in which two requests differ: see `explain/fingerprint.ts`. */
  readonly fingerprint?: string;
  /** Scope of the stored `request`. */
  readonly scope?: KeptScope;
}

/** The parts of the key besides the body that the fingerprint does not reveal. Never contains credentials. */
export interface KeptScope {
  /** Absent for a server known only by its address. */
  readonly provider?: string;
  readonly namespace?: string;
  /** The caller's own key, used instead of the body. */
  readonly ownKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One stored answer, with the shape and bytes in which the provider sent it, so that storing loses nothing. */
export interface Entry extends BytesValue<EntryMetadata> {
  /** Body of the request as sent to the provider; absent unless requests are kept. */
  readonly request?: Uint8Array;
}

/** The answer as a JSON body, whichever shape is stored. Fails with `AI_RESPONSE_INVALID` if its events make no answer. */
export function entryAsBody(entry: Entry, adapter: SurfaceAdapter): Uint8Array {
  if (entry.metadata.shape === 'body') return entry.bytes;
  // Like a body that becomes events: its large integers must survive.
  const { body } = foldEvents(adapter.createFolder(parseExactJson), readEvents(entry.bytes));
  if (body === undefined) throw invalid('The stored stream does not make an answer.');
  return Buffer.from(JSON.stringify(body));
}

/** The answer as events, whichever shape is stored. */
export function entryAsEvents({ metadata, bytes }: Entry, adapter: SurfaceAdapter): EventGroup {
  if (metadata.shape === 'body') return bodyAsEvents(bytes, adapter);
  const { usageEvent } = metadata;
  return usageEvent === undefined ? { bytes } : { bytes, usageEvent };
}

/** Expands a body into the events that a streamed request would have received. */
export function bodyAsEvents(body: Uint8Array, adapter: SurfaceAdapter): EventGroup {
  const bytes = adapter.expand(parseBody(body));
  const usageEvent = findUsageEvent(adapter, bytes);
  return usageEvent === undefined ? { bytes } : { bytes, usageEvent };
}

function parseBody(bytes: Uint8Array): JsonObject {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  // It is serialised again as events, and its large integers must survive that.
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
