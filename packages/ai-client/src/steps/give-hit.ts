import type { CallRecord, TokenUsage } from '../call-record.js';
import type { Exchange, ExchangeFacts, ExchangeHead, ExchangeRequest, ExchangeSink } from '../exchange.js';
import { contentType } from '../flight/delivery.js';
import type { StoredAnswer } from '../flight/flight.js';
import type { StoredForms } from '../flight/stored-forms.js';
import type { Mutable } from '../mutable.js';
import { tell, tellError } from '../tell.js';
import { type CallStart, failedHitRecord, hitRecord } from './account.js';
import type { ReadRequest } from './read-request.js';
import type { Target } from './target.js';

/** A call that ended before its handle was returned. */
export class EndedExchange implements Exchange {
  readonly requestId: string;

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  resume(): void {}

  abort(): void {}
}

/** A complete stored answer in the form that its caller wants. */
export interface ReadyAnswer {
  readonly answer: StoredAnswer;
  readonly bytes: Uint8Array;
}

/**
 * A stored answer in one piece, if that is all the caller needs; its form is converted once and cached. `undefined` for a caller who wants
 * more, and for an entry that makes no answer; those take a flight like any other call.
 */
export function readyAnswer(
  request: ExchangeRequest,
  { adapter, body, streamed, targets }: ReadRequest,
  answer: StoredAnswer,
  forms: StoredForms,
): ReadyAnswer | undefined {
  const { entry } = answer;
  if (targets[0].translation !== undefined) return undefined;
  try {
    if (!streamed) return { answer, bytes: forms.body(entry, adapter) };
    if (request.eventIds !== true || (request.cache?.replayIntervalMs ?? 0) > 0) return undefined;
    const withUsage = adapter.wantsUsageEvents(body);
    if (withUsage && request.noteUsage !== undefined) return undefined;
    return { answer, bytes: forms.numberedEvents(entry, adapter, withUsage) };
  } catch {
    return undefined;
  }
}

/** Delivers a stored answer synchronously, without a flight: there is nothing to join or to wait for. */
export function giveHit(
  start: CallStart,
  request: ExchangeRequest,
  { streamed, targets }: ReadRequest,
  { answer, bytes }: ReadyAnswer,
  sink: ExchangeSink,
  onCall: ((record: CallRecord) => void) | undefined,
): void {
  const target = targets[0];
  const { usage } = answer.entry.metadata;
  const head = headOf(start.requestId, target, answer, streamed, bytes.length);
  let ended = false;
  try {
    sink.onHead(head);
    const firstByteAt = performance.now();
    sink.onData(bytes);
    ended = true;
    if (onCall !== undefined) tell(onCall, hitRecord(start, request, target, streamed, answer, firstByteAt));
    sink.onEnd(usage === undefined ? nothing : { usage });
  } catch (error) {
    // As in a flight, an exception from a sink ends only its own call.
    if (ended) return;
    tell(onCall, failedHitRecord(start, request, target, streamed, answer, error));
    tellError(sink, error, factsOf(start.requestId, target));
  }
}

const nothing: { readonly usage?: TokenUsage } = {};

function factsOf(requestId: string, { provider, model, key }: Target): ExchangeFacts {
  const facts = {
    requestId,
    provider: provider.name,
    model,
    cache: 'hit',
    attempts: 0,
    upstreamMs: 0,
  } as const;
  return key === undefined ? facts : { ...facts, key };
}

/** Written out as one literal because it is made on every hit. */
function headOf(
  requestId: string,
  { provider, model, key = '' }: Target,
  { ageMs, ttlMs }: StoredAnswer,
  streamed: boolean,
  length: number,
): ExchangeHead {
  const head: Mutable<ExchangeHead> = {
    requestId,
    provider: provider.name,
    model,
    cache: 'hit',
    attempts: 0,
    upstreamMs: 0,
    key,
    status: 200,
    headers: { 'content-type': contentType(streamed) },
    streamed,
    length,
    ageMs,
  };
  if (ttlMs !== undefined) head.ttlMs = ttlMs;
  return head;
}
