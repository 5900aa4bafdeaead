import type { CacheOutcome, TokenUsage } from '../call-record.js';
import type { ExchangeFacts, ExchangeHead, ExchangeSink } from '../exchange.js';
import type { Mutable } from '../mutable.js';
import { callerHeaders } from '../response-headers.js';
import { translationHeader } from '../translate/notes.js';
import type { Flight, StoredAnswer, UpstreamHead } from './flight.js';

/** The members of a head that depend on the stored or complete answer. */
type StoredFacts = Pick<ExchangeHead, 'ageMs' | 'ttlMs' | 'similar' | 'usage' | 'length'>;

const nothingStored: StoredFacts = {};

/** Delivers head and bytes to one sink, and tracks what the record of the call needs. */
export class Delivery {
  /** How the answer was found; replaced by `found` on a hit. */
  outcome: CacheOutcome;
  /** HTTP status sent to the caller. */
  httpStatus: number | undefined;
  /** Monotonic time of the first byte delivered, ms. */
  firstByteAt: number | undefined;
  /** Whether the sink has asked to pause. */
  paused = false;
  private readonly sink: ExchangeSink;
  private readonly flight: Flight;
  private readonly requestId: string;
  /** How long the flight had already waited for the provider when this caller joined, ms. */
  private readonly waitedBeforeMs: number;

  constructor(sink: ExchangeSink, flight: Flight, requestId: string, outcome: CacheOutcome) {
    this.sink = sink;
    this.flight = flight;
    this.requestId = requestId;
    this.outcome = outcome;
    this.waitedBeforeMs = outcome === 'coalesced' ? flight.waitedMs() : 0;
  }

  facts(): ExchangeFacts {
    const { provider, model, key } = this.flight.target;
    const facts: Mutable<ExchangeFacts> = {
      requestId: this.requestId,
      provider: provider.name,
      model,
      cache: this.outcome,
      attempts: this.outcome === 'coalesced' ? 0 : this.flight.attempts,
      upstreamMs: this.flight.waitedMs() - this.waitedBeforeMs,
    };
    if (key !== undefined) facts.key = key;
    return facts;
  }

  /** Delivers the head of a stream, with the provider's headers. */
  streamHead({ status, headers }: UpstreamHead): void {
    this.give(status, callerHeaders(headers), true, nothingStored);
  }

  /** Delivers the head of a complete answer, sent as a stream or as a body. */
  wholeHead({ status, headers }: UpstreamHead, streamed: boolean, usage: TokenUsage | undefined): void {
    const given = callerHeaders(headers);
    if (status < 300) given['content-type'] = contentType(streamed);
    this.give(status, given, streamed, usage === undefined ? nothingStored : { usage });
  }

  /** Marks the answer as found in the cache: from now on, `facts` reports that. */
  found({ stale, similar }: StoredAnswer): void {
    if (similar !== undefined) this.outcome = 'semantic';
    else this.outcome = stale ? 'stale' : 'hit';
  }

  /** Delivers the head of a stored answer, after `found`. `length`: total bytes, if delivered at once. */
  storedHead({ ageMs, ttlMs, similar }: StoredAnswer, streamed: boolean, length: number | undefined): void {
    this.give(200, { 'content-type': contentType(streamed) }, streamed, {
      ageMs,
      ...(ttlMs === undefined ? {} : { ttlMs }),
      ...(similar === undefined ? {} : { similar }),
      ...(length === undefined ? {} : { length }),
    });
  }

  data(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.firstByteAt ??= performance.now();
    this.paused = !this.sink.onData(bytes);
  }

  private give(
    status: number,
    headers: Record<string, string>,
    streamed: boolean,
    stored: StoredFacts,
  ): void {
    const { translation } = this.flight.target;
    const said = translation === undefined ? undefined : translationHeader(translation.notes);
    const head: Mutable<ExchangeHead> = Object.assign(this.facts(), { status, headers, streamed }, stored);
    if (said !== undefined) head.translation = said;
    this.httpStatus = status;
    this.sink.onHead(head);
  }
}

export function contentType(streamed: boolean): string {
  return streamed ? 'text/event-stream; charset=utf-8' : 'application/json';
}
