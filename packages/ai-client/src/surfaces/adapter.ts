import type { TokenUsage } from '../call-record.js';
import type { Failure } from '../failure.js';
import type { JsonObject, ParseJson } from '../json.js';
import type { Surface } from '../surface.js';
import type { EventFolder } from './event-folder.js';

/** Whether an answer is proven complete; if not, why it must not be stored. */
export type Verdict = { readonly complete: true } | { readonly complete: false; readonly reason: string };

/** The result of folding a stream that has ended: its body, if its events make one, and how it ended. */
export interface FoldedStream {
  /** The body that a non-streamed request would have received; `undefined` if the events make none. */
  readonly body?: JsonObject;
  /** Whether the surface's terminal event was seen. */
  readonly terminated: boolean;
  /** Whether every part of the answer has a finish reason. */
  readonly finished: boolean;
  /** The error that the provider sent within the stream, unchanged. */
  readonly error?: JsonObject;
}

/** Everything the pipeline needs to know of one wire format. The rest of it works on bytes. */
export interface SurfaceAdapter {
  readonly surface: Surface;
  /** Path below the provider's base URL. */
  readonly path: string;
  /** Top-level fields of the request that cannot change the answer, and so are not part of the key. */
  readonly keyExclusions: ReadonlySet<string>;
  /** Why this request must not be cached, or `undefined`. */
  bypassReason(request: JsonObject): string | undefined;
  /** Whether the request asks for a stream. */
  isStreamed(request: JsonObject): boolean;
  /** Body for the provider: the caller's bytes, with usage reporting for streams added if the caller did not request it. */
  upstreamBody(body: Uint8Array, request: JsonObject): Uint8Array;
  /** Whether the caller wants the events that only report usage. */
  wantsUsageEvents(request: JsonObject): boolean;
  /** Whether one of these events may be a usage-only event; a cheap check with false positives. Absent if the surface has no such event. */
  mayReportUsageAlone?(events: Uint8Array): boolean;
  /** The headers to send, from those of caller and provider combined. Default: unchanged. */
  upstreamHeaders?(headers: Readonly<Record<string, string>>): Record<string, string>;
  /** Response header in which SDKs look for the request id. Default `x-request-id`. */
  readonly requestIdHeader?: string;
  /** Creates a folder, which assembles the answer from its stream events. `parse` reads their data; default `JSON.parse`. */
  createFolder(parse?: ParseJson): EventFolder;
  /** The events that a streamed request would have received, as bytes; the usage event comes just before the terminal one. */
  expand(body: JsonObject): Uint8Array;
  /** Adds missing finish reasons, for a provider that never sends them. Used only for the proof of completeness. */
  assumeFinished?(body: JsonObject): JsonObject;
  /** Checks a body for completeness. `request` shows which limits the caller set. */
  judge(body: JsonObject, request: JsonObject): Verdict;
  usage(body: JsonObject): TokenUsage | undefined;
  /** When the provider deletes something that the answer refers to, epoch ms; absent if the surface has no such references. */
  expiresAt?(body: JsonObject): number | undefined;
  /** The error in this surface's wire format. */
  errorBody(failure: Failure, requestId: string): JsonObject;
  /** The same as the last frame of a stream that has begun. `sent`: the last events delivered to its reader. */
  errorFrame(failure: Failure, requestId: string, sent?: Uint8Array): Uint8Array;
}
