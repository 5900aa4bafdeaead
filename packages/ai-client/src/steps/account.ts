import type { CallRecord } from '../call-record.js';
import type { ExchangeRequest } from '../exchange.js';
import { toFailure } from '../failure.js';
import type { Call, CallEnding } from '../flight/call.js';
import type { Answerer, Flight, StoredAnswer } from '../flight/flight.js';
import type { Mutable } from '../mutable.js';
import { defaultTenant } from './key.js';
import type { ReadRequest } from './read-request.js';
import type { Target } from './target.js';

/** When a call began, by both clocks. */
export interface CallStart {
  readonly requestId: string;
  /** Epoch, ms. */
  readonly startedAt: number;
  /** Monotonic, ms. */
  readonly startedOn: number;
}

/** The record of a call refused before it had a flight. */
export function refusedRecord(
  start: CallStart,
  request: ExchangeRequest,
  read: ReadRequest | undefined,
  error: unknown,
): CallRecord {
  return {
    ...common(start, request, read),
    cache: 'bypass',
    status: 'error',
    errorCode: toFailure(error).code,
    attempts: 0,
  };
}

/**
 * The record of a call. The caller that started a flight pays for it, even after leaving it to others, so its record is made when the
 * flight has settled.
 */
export function callRecord(
  start: CallStart,
  request: ExchangeRequest,
  read: ReadRequest,
  call: Call,
  flight: Flight,
  ending: CallEnding,
): CallRecord {
  const { outcome, httpStatus, firstByteAt } = call.delivery;
  const pays = outcome === 'miss' || outcome === 'refresh' || outcome === 'bypass';
  const found = flight.state.phase === 'stored' ? flight.state.answer : undefined;
  // Whoever left before the flight landed on a stored answer was not given it, and nobody pays for it.
  const stored = pays ? undefined : found;
  const usage = ending.usage ?? (pays && found === undefined ? flight.usage : undefined);
  const upstreamMs = stored === undefined ? flight.upstreamMs : stored.entry.metadata.upstreamMs;
  const similar = stored?.similar;
  const asked = pays && flight.attempts > 0;
  const fallbacks = pays || stored !== undefined ? fallbacksOf(read, flight) : 0;
  return {
    ...common(start, request, read, flight.target),
    cache: outcome,
    status: ending.status,
    attempts: pays ? flight.attempts : 0,
    ...(asked && !flight.isSent ? { unsent: true } : {}),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(ending.status === 'error' && ending.error !== undefined
      ? { errorCode: toFailure(ending.error).code }
      : {}),
    ...(usage === undefined ? {} : { usage }),
    ...(firstByteAt === undefined ? {} : { firstByteMs: firstByteAt - start.startedOn }),
    ...(upstreamMs === undefined ? {} : { upstreamMs }),
    ...(asked ? { providerWaitMs: flight.waitedMs(), queuedMs: flight.queuedMs } : {}),
    ...(fallbacks > 0 ? { fallbacks } : {}),
    ...(flight.target.key === undefined ? {} : { key: flight.target.key }),
    ...(similar === undefined ? {} : { similarity: similar.similarity }),
  };
}

/**
 * Position of the answering target among the request's targets, which is the number passed over before it. Callers that joined a flight
 * asked none.
 */
function fallbacksOf({ targets }: ReadRequest, { target }: Flight): number {
  return targets.length === 1 ? 0 : (targets as readonly Answerer[]).indexOf(target);
}

/** The record of a call served a fresh stored answer at once. Written out as one literal because it is made on every hit. */
export function hitRecord(
  start: CallStart,
  request: ExchangeRequest,
  { provider, model, key = '' }: Target,
  streamed: boolean,
  { entry: { metadata } }: StoredAnswer,
  firstByteAt: number,
): CallRecord {
  const record: Mutable<CallRecord> = {
    requestId: start.requestId,
    startedAt: start.startedAt,
    surface: request.surface,
    provider: provider.name,
    model,
    tenant: request.tenant ?? defaultTenant,
    streamed,
    durationMs: performance.now() - start.startedOn,
    cache: 'hit',
    status: 'ok',
    attempts: 0,
    httpStatus: 200,
    firstByteMs: firstByteAt - start.startedOn,
    upstreamMs: metadata.upstreamMs,
    key,
  };
  if (metadata.usage !== undefined) record.usage = metadata.usage;
  if (request.labels !== undefined) record.labels = request.labels;
  return record;
}

/** The record of such a hit whose sink failed. */
export function failedHitRecord(
  start: CallStart,
  request: ExchangeRequest,
  target: Target,
  streamed: boolean,
  answer: StoredAnswer,
  error: unknown,
): CallRecord {
  const { firstByteMs: _none, ...record } = hitRecord(
    start,
    request,
    target,
    streamed,
    answer,
    start.startedOn,
  );
  return { ...record, status: 'error', errorCode: toFailure(error).code };
}

function common(
  { requestId, startedAt, startedOn }: CallStart,
  request: ExchangeRequest,
  read: ReadRequest | undefined,
  answerer?: Answerer,
): Omit<CallRecord, 'cache' | 'status' | 'attempts'> {
  return {
    requestId,
    startedAt,
    surface: request.surface,
    provider: answerer?.provider.name ?? 'none',
    model: answerer?.model ?? 'unknown',
    ...askedModel(read, answerer),
    tenant: request.tenant ?? defaultTenant,
    streamed: read?.streamed ?? false,
    durationMs: performance.now() - startedOn,
    ...(request.labels === undefined ? {} : { labels: request.labels }),
  };
}

/** The model as named by the caller, if the answering upstream names it differently. */
function askedModel(read: ReadRequest | undefined, answerer: Answerer | undefined): { askedModel?: string } {
  const named = read?.body.model;
  return typeof named === 'string' && named !== answerer?.model ? { askedModel: named } : {};
}
