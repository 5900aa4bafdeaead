import type { AcquireRequest, AnyLimiter, Breaker, Lease, Permit } from '@ai-toolkit/rate-limit';
import { asBuffer } from '../as-buffer.js';
import { AiError } from '../errors.js';
import { type JsonObject, parseJsonObject } from '../json.js';
import type { ResponseHeaders } from '../response-headers.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { type TranslatedResponseOptions, translateResponse } from '../translate/translated-response.js';
import { collect } from './collect.js';
import { errorIn } from './error-body.js';
import { statusOfError } from './error-status.js';
import { asEventStream, isEventStream } from './event-stream.js';
import { firstEvent } from './first-event.js';
import { ProviderRefusal } from './provider-refusal.js';
import { refuseRedirect } from './refuse-redirect.js';
import type { Requester, Transport, UpstreamRequest, UpstreamResponse } from './transport.js';
import { maxEventBytes } from './watch.js';

/** Longest body of a non-streamed answer or of an error, bytes. */
const maxBodyBytes = 64 * 1024 * 1024;

/** A successful answer: a complete body, or a stream that has begun and holds its lease until it ends. */
export type Answer =
  | {
      readonly shape: 'body';
      readonly status: number;
      readonly headers: ResponseHeaders;
      readonly bytes: Uint8Array;
    }
  | { readonly shape: 'stream'; readonly response: UpstreamResponse };

export interface AttemptRequest extends UpstreamRequest {
  /** Whether the answer must be translated from the Messages API to chat completions. */
  readonly translated: boolean;
  /** Whether a stream was requested. */
  readonly streamed: boolean;
  /** Notified of progress. */
  readonly course: AttemptCourse;
}

interface AttemptCourse {
  /** The limiter has admitted the attempt, after `waitedMs` in its queue. */
  turnCame(waitedMs: number): void;
  /** The provider is about to be asked. Earlier failures, such as the limiter's, do not count as attempts. */
  asks(): void;
  /** It has answered, with a complete body or the first event of a stream, or has failed to. Only after `asks`. */
  answered(): void;
}

export interface AttemptServices {
  readonly limiter: AnyLimiter;
  readonly breaker: Breaker;
  readonly transport: Transport;
}

/** On whose behalf an attempt is made. */
export interface Asker extends Requester {
  readonly abandoned: Error | undefined;
  /** Aborted with `abandoned`, for waiting in the limiter's queue. */
  readonly signal: AbortSignal;
}

/** The result of one successful attempt. */
export interface Attempt {
  readonly answer: Answer;
  /** The parsed body of a complete answer; absent if it is not a JSON object, or for a stream. */
  readonly body: JsonObject | undefined;
  readonly lease: Lease;
}

/**
 * Makes one attempt: waits for the limiter, sends, and reports the result to limiter and breaker. Fails with `ProviderRefusal` for an error
 * status or an error in place of an answer, with an `AiError` of the transport, a `LimitError`, or the reason it was abandoned; in each
 * case the lease has been returned.
 */
export async function attempt(
  request: AttemptRequest,
  turn: AcquireRequest,
  adapter: SurfaceAdapter,
  { limiter, breaker, transport }: AttemptServices,
  asker: Asker,
): Promise<Attempt> {
  const { key } = turn;
  if (asker.abandoned !== undefined) throw asker.abandoned;
  const lease = limiter.acquireAtOnce(turn) ?? (await limiter.acquire({ ...turn, signal: asker.signal }));
  request.course.turnCame(lease.waitedMs);
  let permit: Permit | undefined;
  let reached = false;
  try {
    // Only after the wait for the limiter, since the upstream may have failed meanwhile.
    permit = breaker.enter(request.upstream);
    request.course.asks();
    let answer: Answer;
    try {
      const arrived = await transport.send(request, asker);
      reached = true;
      limiter.observe(key, arrived.headers);
      refuseRedirect(arrived, request);
      const isPlain = !request.streamed || isEventStream(arrived.headers);
      const received = isPlain ? arrived : await asEventStream(arrived);
      const response = request.translated ? await translateResponse(received, translationBounds()) : received;
      const { status, headers } = response;
      if (status >= 300) {
        // A status outside HTTP's range counts as a server error (RFC 9110, section 15).
        const told = status < 600 ? status : 502;
        throw new ProviderRefusal(told, headers, await collect(response, maxBodyBytes));
      }
      if (isEventStream(headers)) {
        await firstEvent(response, adapter);
        answer = { shape: 'stream', response };
      } else answer = { shape: 'body', status, headers, bytes: await collect(response, maxBodyBytes) };
    } finally {
      request.course.answered();
    }
    const body = answer.shape === 'body' ? bodyOf(answer) : undefined;
    permit.succeeded();
    lease.accepted();
    return { answer, body, lease };
  } catch (error) {
    if (asker.abandoned !== undefined) permit?.cancelled();
    else if (isUpstreamFailure(error)) {
      permit?.failed();
      limiter.recordFailure(key);
    } else permit?.succeeded();
    // A request that never reached the provider costs no quota; one that got a bad answer still counts as a request.
    if (reached) lease.settle({ inputTokens: 0, outputTokens: 0 });
    else lease.release();
    if (error instanceof ProviderRefusal && error.isRateLimit)
      error.pauseMs = limiter.recordRateLimit(key, error.headers);
    throw error;
  }
}

/** Fails with a `ProviderRefusal` for an error in place of an answer: the caller has not seen any of it, so it may be retried. */
function bodyOf({ bytes, headers }: Extract<Answer, { shape: 'body' }>): JsonObject | undefined {
  const body = parseJsonObject(asBuffer(bytes).toString());
  const error = body === undefined ? undefined : errorIn(body);
  if (error !== undefined) throw new ProviderRefusal(statusOfError(error), headers, bytes);
  return body;
}

/** Whether the upstream is at fault, rather than the request or the quota. */
function isUpstreamFailure(error: unknown): boolean {
  return error instanceof ProviderRefusal
    ? error.status >= 500
    : AiError.isInstance(error) && error.retryable;
}

function translationBounds(): TranslatedResponseOptions {
  return { createdAt: Date.now(), maxBodyBytes, maxEventBytes };
}
