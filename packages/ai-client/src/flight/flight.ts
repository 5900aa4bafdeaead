import type { TokenUsage } from '../call-record.js';
import type { Entry } from '../entry.js';
import type { ResponseHeaders } from '../response-headers.js';
import type { FoldedStream, SurfaceAdapter } from '../surfaces/adapter.js';
import type { TranslationNote } from '../translate/notes.js';
import { createAnswerName } from './event-ids.js';
import { GroupLog } from './groups.js';

export interface UpstreamHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
}

/** A stored answer and where it stands in its life. */
export interface StoredAnswer {
  readonly entry: Entry;
  readonly stale: boolean;
  readonly ageMs: number;
  /** Left of its lifetime, below 0 when it is stale; absent when it never expires. */
  readonly ttlMs?: number;
  /** It is the answer to another question, which says the same: its key, and how near it is. */
  readonly similar?: { readonly key: string; readonly similarity: number };
}

/** How far the answer is. It only moves forward. */
export type FlightState =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'stored'; readonly answer: StoredAnswer }
  | {
      readonly phase: 'body';
      readonly head: UpstreamHead;
      readonly bytes: Uint8Array;
      readonly usage?: TokenUsage;
    }
  | { readonly phase: 'streaming'; readonly head: UpstreamHead }
  | {
      readonly phase: 'streamed';
      readonly head: UpstreamHead;
      readonly folded: FoldedStream;
      readonly usage?: TokenUsage;
    }
  | { readonly phase: 'failed'; readonly head?: UpstreamHead; readonly error: unknown };

/** One who waits for the answer. */
export interface Reader {
  /** Position in the log of what it has not taken yet, bytes; `Infinity` when it wants only the whole. */
  readonly position: number;
  /** It cannot take more at the moment. */
  readonly paused: boolean;
  /** Takes what the flight has for it. */
  drain(): void;
  /** Its backlog is more than may be kept for it, while others go on. */
  dropBehind(): void;
}

/** Who answers a flight. */
export interface Answerer {
  readonly provider: { readonly name: string };
  readonly model: string;
  /** Key of the answer; absent on a bypass. */
  readonly key?: string;
  readonly translation?: { readonly notes: readonly TranslationNote[] };
}

export interface FlightOptions {
  readonly target: Answerer;
  readonly adapter: SurfaceAdapter;
  /** Its caller wants an answer that is newer than what is stored. */
  readonly renews: boolean;
  /** Longest answer that is kept whole, bytes. Past it nobody can join, and nothing is stored. */
  readonly maxKeptBytes: number;
  /** Past `maxKeptBytes`: largest backlog of one reader while others go on, bytes. */
  readonly maxLagBytes: number;
}

/**
 * One answer on its way to everyone who asked for it. Late readers get what has come so far, then the rest. A reader who
 * leaves disturbs nobody; when the last one leaves, `signal` aborts what is under way.
 */
export class Flight {
  readonly adapter: SurfaceAdapter;
  readonly renews: boolean;
  readonly log: GroupLog;
  /** Names the answer that this flight is about to bring. */
  readonly answerName: string = createAnswerName();
  /** Who answers, as it looks now: the next one in line takes over when one fails. */
  target: Answerer;
  /** An answer was stored, and has outlived its time. */
  hadAnswer = false;
  /** Attempts made at the provider so far. */
  attempts = 0;
  /** One of them has had a connection and was sent. */
  isSent = false;
  /** How long its attempts have waited for their turns, ms. */
  queuedMs = 0;
  private waited = 0;
  private waitsSince: number | undefined;
  /** Time that the provider took, ms, once it is known. */
  upstreamMs: number | undefined;
  /** A later request for the same key asked past the cache: its answer is the one to keep. */
  superseded = false;
  private current: FlightState = { phase: 'waiting' };
  private readonly maxLagBytes: number;
  private readonly readers: Set<Reader> = new Set();
  private settledListeners: (() => void)[] = [];
  private controller: AbortController | undefined;
  /** Why nobody waits for it any more. */
  abandoned: Error | undefined;
  /** Called when nobody does any more: of whoever is being asked. */
  onAbandoned: (() => void) | undefined;
  private flow: { pause(): void; resume(): void } | undefined;
  private flowPaused = false;

  constructor(options: FlightOptions) {
    this.adapter = options.adapter;
    this.renews = options.renews;
    this.target = options.target;
    this.maxLagBytes = options.maxLagBytes;
    this.log = new GroupLog(options.adapter, options.maxKeptBytes);
  }

  get state(): FlightState {
    return this.current;
  }

  /** Aborted when nobody waits any more. */
  get signal(): AbortSignal {
    // Made for who asks: whoever waits for something else than the provider.
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.abandoned !== undefined) this.controller.abort(this.abandoned);
    }
    return this.controller.signal;
  }

  /** Whether one more may join and still get the whole answer. */
  get joinable(): boolean {
    return !this.log.overflowed && this.abandoned === undefined && this.current.phase !== 'failed';
  }

  /** The answer is there, or has failed: nothing more will come. */
  get settled(): boolean {
    return this.current.phase !== 'waiting' && this.current.phase !== 'streaming';
  }

  join(reader: Reader): void {
    this.readers.add(reader);
    if (this.current.phase !== 'waiting') reader.drain();
    this.regulate();
  }

  leave(reader: Reader): void {
    if (!this.readers.delete(reader)) return;
    if (this.readers.size > 0 || this.settled) this.regulate();
    else {
      this.abandoned = new Error('Nobody waits for the answer.');
      this.controller?.abort(this.abandoned);
      this.onAbandoned?.();
    }
  }

  /** Moves on, and lets every reader take what is new. */
  advance(state: FlightState): void {
    this.current = state;
    for (const reader of this.readers) reader.drain();
    if (!this.settled) return;
    for (const listener of this.settledListeners) listener();
    this.settledListeners = [];
  }

  /** Calls `listener` once the flight is settled: at once when it is. */
  whenSettled(listener: () => void): void {
    if (this.settled) listener();
    else this.settledListeners.push(listener);
  }

  /** What the provider reported for the answer, or reported when it was stored. */
  get usage(): TokenUsage | undefined {
    const { current } = this;
    if (current.phase === 'stored') return current.answer.entry.metadata.usage;
    return current.phase === 'body' || current.phase === 'streamed' ? current.usage : undefined;
  }

  /** An attempt for it has waited so long for its turn, ms. */
  turnCame(waitedMs: number): void {
    this.queuedMs += waitedMs;
  }

  /** A provider is asked now. */
  asks(): void {
    this.attempts += 1;
    this.waitBegins();
  }

  /** It has begun to answer, or will not. */
  answered(): void {
    this.waitEnds();
  }

  /** From now on the provider is waited for. */
  waitBegins(): void {
    this.waitsSince = performance.now();
  }

  /** The provider has answered, or will not. */
  waitEnds(): void {
    this.waited = this.waitedMs();
    this.waitsSince = undefined;
  }

  /** How long the provider has been waited for so far, ms. */
  waitedMs(): number {
    return this.waitsSince === undefined ? this.waited : this.waited + performance.now() - this.waitsSince;
  }

  /** The head of a stream has come; `flow` holds and frees the bytes behind it. */
  startStream(head: UpstreamHead, flow: { pause(): void; resume(): void }): void {
    this.flow = flow;
    this.advance({ phase: 'streaming', head });
  }

  /** More whole events have come. */
  pushGroup(bytes: Uint8Array): void {
    this.log.push(bytes);
    for (const reader of this.readers) reader.drain();
    this.regulate();
  }

  /** A reader can take more, or has taken some. */
  readerMoved(): void {
    this.regulate();
  }

  /**
   * Holds the upstream while no reader can take more. While everything is kept anyway, a slow reader costs the others
   * nothing; once it is not, a reader who lags too far behind those who go on is dropped.
   */
  private regulate(): void {
    if (this.log.overflowed) this.trim();
    let allPaused = this.readers.size > 0;
    for (const reader of this.readers) allPaused &&= reader.paused;
    if (this.flow === undefined || allPaused === this.flowPaused) return;
    this.flowPaused = allPaused;
    if (allPaused) this.flow.pause();
    else this.flow.resume();
  }

  private trim(): void {
    for (const reader of [...this.readers]) {
      const lags = this.readers.size > 1 || reader.position === Number.POSITIVE_INFINITY;
      if (
        lags &&
        this.log.bytesFrom(reader.position === Number.POSITIVE_INFINITY ? 0 : reader.position) >
          this.maxLagBytes
      ) {
        reader.dropBehind();
      }
    }
    let passed = this.log.end;
    for (const reader of this.readers) passed = Math.min(passed, reader.position);
    this.log.dropBefore(passed);
  }
}
