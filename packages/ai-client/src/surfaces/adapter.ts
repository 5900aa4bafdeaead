import type { TokenUsage } from '../call-record.js';
import type { Failure } from '../failure.js';
import type { JsonObject } from '../json.js';
import type { Surface } from '../surface.js';
import type { EventFolder } from './event-folder.js';

/** Whether an answer is proven complete, and if not, why it must not be stored. */
export type Verdict = { readonly complete: true } | { readonly complete: false; readonly reason: string };

/** A stream that has ended: its body, when its events make one, and what the wire said of its end. */
export interface FoldedStream {
  /** The body that a non-streamed request would have got; `undefined` when the events make none. */
  readonly body?: JsonObject;
  /** The terminal event of the surface was seen. */
  readonly terminated: boolean;
  /** The provider said of every part of the answer why it ended. */
  readonly finished: boolean;
  /** The error that the provider sent inside the stream, as it was written. */
  readonly error?: JsonObject;
}

/** What the pipeline has to know of one wire format. Everything else in it works on bytes. */
export interface SurfaceAdapter {
  readonly surface: Surface;
  /** Path below the provider's base URL. */
  readonly path: string;
  /** Top-level fields of the request that cannot change the answer, and so are no part of the key. */
  readonly keyExclusions: ReadonlySet<string>;
  /** Why this request must not be cached, or `undefined`. */
  bypassReason(request: JsonObject): string | undefined;
  /** Whether the answer to this request shall be streamed. */
  isStreamed(request: JsonObject): boolean;
  /** Body for the provider: the caller's bytes, with the stream's usage asked for when the caller did not. */
  upstreamBody(body: Uint8Array, request: JsonObject): Uint8Array;
  /** Whether the caller wants the events that only report usage. */
  wantsUsageEvents(request: JsonObject): boolean;
  /** Whether one of these events may be one that only reports usage; absent where a surface has none. To be told at little cost. */
  mayReportUsageAlone?(events: Uint8Array): boolean;
  /** The headers of the provider's request, made of those of the caller and the provider. Default: as they are. */
  upstreamHeaders?(headers: Readonly<Record<string, string>>): Record<string, string>;
  /** Header of a response in which SDKs look for the id of the request. Default `x-request-id`. */
  readonly requestIdHeader?: string;
  /** Puts the answer together from the events that stream it. */
  createFolder(): EventFolder;
  /** The events that a streamed request would have got, as bytes; the usage event is last but the terminal one. */
  expand(body: JsonObject): Uint8Array;
  /** The body with a reason to end where the provider gave none, for a provider that never does; for the proof only. */
  assumeFinished?(body: JsonObject): JsonObject;
  /** Proof of completion of a body. `request` tells which limits the caller set itself. */
  judge(body: JsonObject, request: JsonObject): Verdict;
  usage(body: JsonObject): TokenUsage | undefined;
  /** When something that the answer names is deleted by its provider, epoch ms; absent where a surface names nothing of the kind. */
  expiresAt?(body: JsonObject): number | undefined;
  /** The error in this surface's wire format. */
  errorBody(failure: Failure, requestId: string): JsonObject;
  /** The same as a last frame of a stream that has begun; `sent`: the last events that its reader was given. */
  errorFrame(failure: Failure, requestId: string, sent?: Uint8Array): Uint8Array;
}
