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

/** A stored answer and its age. */
export interface StoredAnswer {
  readonly entry: Entry;
  readonly stale: boolean;
  readonly ageMs: number;
  /** Remaining lifetime, ms, negative if stale; absent if it never expires. */
  readonly ttlMs?: number;
  /** Set if it answers another question with the same meaning: its key, and the similarity of the two. */
  readonly similar?: { readonly key: string; readonly similarity: number };
}

/** Progress of the answer. Phases only move forward. */
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

/** A consumer of the answer. */
export interface Reader {
  /** Position in the log of its next byte; `Infinity` if it wants only the complete answer. */
  readonly position: number;
  /** Whether it cannot take more at the moment. */
  readonly paused: boolean;
  /** Takes what the flight has for it. */
  drain(): void;
  /** Called when its backlog exceeds what may be kept for it while others go on. */
  dropBehind(): void;
}

/** The upstream that answers a flight. */
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
  /** Whether it was started by a refresh, which rejects the stored answer. */
  readonly renews: boolean;
  /** Longest answer kept in full, bytes. Beyond it, nobody can join and nothing is stored. */
  readonly maxKeptBytes: number;
  /** Beyond `maxKeptBytes`: largest backlog of one reader while others go on, bytes. */
  readonly maxLagBytes: number;
}

/**
 * A single flight: one answer in progress for everyone who requested it. Late readers get what has arrived so far, then the rest. A reader
 * who leaves does not affect the others; when the last one leaves, `signal` aborts the request.
 */
export class Flight {
  readonly adapter: SurfaceAdapter;
  readonly renews: boolean;
  readonly log: GroupLog;
  /** Name of the answer that this flight fetches. */
  readonly answerName: string = createAnswerName();
  /** The current upstream; replaced by the next target on failure. */
  target: Answerer;
  /** Whether an answer was stored, but has expired. */
  hadAnswer = false;
  /** Attempts made at providers so far. */
  attempts = 0;
  /** Whether any attempt got a connection and was sent. */
  isSent = false;
  /** Time its attempts spent in the limiter's queue, ms. */
  queuedMs = 0;
  private waited = 0;
  private waitsSince: number | undefined;
  /** Time the provider took, ms, once known. */
  upstreamMs: number | undefined;
  /** A refresh for the same key has started later: its answer is the one to store. */
  superseded = false;
  private current: FlightState = { phase: 'waiting' };
  private readonly maxLagBytes: number;
  private readonly readers: Set<Reader> = new Set();
  private settledListeners: (() => void)[] = [];
  private controller: AbortController | undefined;
  /** Set when the last reader has left. */
  abandoned: Error | undefined;
  /** Called when the last reader leaves; set by the request in progress. */
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

  /** Aborted when the last reader leaves. */
  get signal(): AbortSignal {
    // Created on demand: only waits other than for the provider's response need it.
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.abandoned !== undefined) this.controller.abort(this.abandoned);
    }
    return this.controller.signal;
  }

  /** Whether another reader can join and still get the whole answer. */
  get joinable(): boolean {
    return !this.log.overflowed && this.abandoned === undefined && this.current.phase !== 'failed';
  }

  /** Whether the answer is complete or has failed. */
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

  /** Changes the state, and lets every reader take what is new. */
  advance(state: FlightState): void {
    this.current = state;
    for (const reader of this.readers) reader.drain();
    if (!this.settled) return;
    for (const listener of this.settledListeners) listener();
    this.settledListeners = [];
  }

  /** Calls `listener` once the flight has settled; immediately if it already has. */
  whenSettled(listener: () => void): void {
    if (this.settled) listener();
    else this.settledListeners.push(listener);
  }

  /** Usage reported by the provider, now or when the answer was stored. */
  get usage(): TokenUsage | undefined {
    const { current } = this;
    if (current.phase === 'stored') return current.answer.entry.metadata.usage;
    return current.phase === 'body' || current.phase === 'streamed' ? current.usage : undefined;
  }

  /** The limiter has admitted an attempt, after `waitedMs` in its queue. */
  turnCame(waitedMs: number): void {
    this.queuedMs += waitedMs;
  }

  /** A provider is about to be asked. */
  asks(): void {
    this.attempts += 1;
    this.waitBegins();
  }

  /** It has begun to answer, or failed to. */
  answered(): void {
    this.waitEnds();
  }

  /** Starts the clock of waiting for the provider. */
  waitBegins(): void {
    this.waitsSince = performance.now();
  }

  /** Stops the clock of waiting for the provider. */
  waitEnds(): void {
    this.waited = this.waitedMs();
    this.waitsSince = undefined;
  }

  /** Total time spent waiting for the provider so far, ms. */
  waitedMs(): number {
    return this.waitsSince === undefined ? this.waited : this.waited + performance.now() - this.waitsSince;
  }

  /** The head of a stream has arrived; `flow` pauses and resumes its bytes. */
  startStream(head: UpstreamHead, flow: { pause(): void; resume(): void }): void {
    this.flow = flow;
    this.advance({ phase: 'streaming', head });
  }

  /** More whole events have arrived. */
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
   * Applies back-pressure: pauses the upstream while all readers are paused. As long as everything is kept, a slow reader costs the others
   * nothing; after that, a reader lagging too far behind is dropped.
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
      if (lags && this.log.bytesFrom(lacksFrom(reader)) > this.maxLagBytes) reader.dropBehind();
    }
    let passed = this.log.end;
    for (const reader of this.readers) passed = Math.min(passed, lacksFrom(reader));
    this.log.dropBefore(passed);
  }
}

/** Position from which on a reader lacks the answer: the beginning, if it wants only the complete one. */
function lacksFrom({ position }: Reader): number {
  return position === Number.POSITIVE_INFINITY ? 0 : position;
}
