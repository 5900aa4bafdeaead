import type { CacheOutcome, TokenUsage } from '../call-record.js';
import type { ExchangeFacts, ExchangeHead, ExchangeSink } from '../exchange.js';
import type { Mutable } from '../mutable.js';
import { callerHeaders } from '../response-headers.js';
import { translationHeader } from '../translate/notes.js';
import type { Flight, StoredAnswer, UpstreamHead } from './flight.js';

/** What a head says of a stored answer. */
type StoredFacts = Pick<ExchangeHead, 'ageMs' | 'ttlMs' | 'similar' | 'usage' | 'length'>;

const nothingStored: StoredFacts = {};

/** Gives one sink its head and its bytes, and remembers what a record of the call has to know of it. */
export class Delivery {
  /** How the answer is found, as long as it is not found in the cache. */
  outcome: CacheOutcome;
  /** HTTP status given to the caller. */
  httpStatus: number | undefined;
  /** Monotonic time of the first byte given to the caller, ms. */
  firstByteAt: number | undefined;
  /** The sink has asked for no more at the moment. */
  paused = false;
  private readonly sink: ExchangeSink;
  private readonly flight: Flight;
  private readonly requestId: string;
  /** How long the provider had been waited for when this caller came. */
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

  /** The head of a stream, as the provider wrote it. */
  streamHead({ status, headers }: UpstreamHead): void {
    this.give(status, callerHeaders(headers), true, nothingStored);
  }

  /** The head of an answer that is there as a whole, in whichever shape it is given. */
  wholeHead({ status, headers }: UpstreamHead, streamed: boolean, usage: TokenUsage | undefined): void {
    const given = callerHeaders(headers);
    if (status < 300) given['content-type'] = contentType(streamed);
    this.give(status, given, streamed, usage === undefined ? nothingStored : { usage });
  }

  /** An answer was found in the cache: its facts are told from now on. */
  found({ stale, similar }: StoredAnswer): void {
    if (similar !== undefined) this.outcome = 'semantic';
    else this.outcome = stale ? 'stale' : 'hit';
  }

  /** After `found`. `length`: bytes of all that is given, where it is given at once. */
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
