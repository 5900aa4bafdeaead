import type { CacheOutcome, CallRecord } from '@ai-toolkit/ai-client';

/** Calls since the start of the process, as far as they show what the layers save. */
export interface CallCounts {
  readonly outcomes: Readonly<Record<CacheOutcome, number>>;
  readonly failed: number;
  readonly aborted: number;
  /** Streamed calls to a provider whose callers left early: paid for, but not stored. */
  readonly streamsLeft: number;
  /** Streamed calls to a provider. */
  readonly streamsAsked: number;
  /** Stored answers replayed as streams. */
  readonly streamsReplayed: number;
  /** Tokens of answers given without asking a provider. */
  readonly replayedInputTokens: number;
  readonly replayedOutputTokens: number;
  /** Time the provider originally took for these answers, ms. */
  readonly replayedMs: number;
}

/** Counts calls as they end. Only additions, since it runs for every call. */
export class CallCounter {
  readonly #outcomes: Record<CacheOutcome, number> = {
    hit: 0,
    stale: 0,
    semantic: 0,
    coalesced: 0,
    miss: 0,
    refresh: 0,
    bypass: 0,
  };
  #failed = 0;
  #aborted = 0;
  #streamsLeft = 0;
  #streamsAsked = 0;
  #streamsReplayed = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #replayedMs = 0;

  count({ cache, status, streamed, usage, upstreamMs }: CallRecord): void {
    this.#outcomes[cache] += 1;
    if (status === 'error') this.#failed += 1;
    else if (status === 'aborted') this.#aborted += 1;
    if (cache === 'miss' || cache === 'refresh' || cache === 'bypass') {
      if (!streamed) return;
      this.#streamsAsked += 1;
      if (status === 'aborted') this.#streamsLeft += 1;
      return;
    }
    if (streamed) this.#streamsReplayed += 1;
    if (usage !== undefined) {
      this.#inputTokens += usage.inputTokens;
      this.#outputTokens += usage.outputTokens;
    }
    if (upstreamMs !== undefined) this.#replayedMs += upstreamMs;
  }

  counts(): CallCounts {
    return {
      outcomes: { ...this.#outcomes },
      failed: this.#failed,
      aborted: this.#aborted,
      streamsLeft: this.#streamsLeft,
      streamsAsked: this.#streamsAsked,
      streamsReplayed: this.#streamsReplayed,
      replayedInputTokens: this.#inputTokens,
      replayedOutputTokens: this.#outputTokens,
      replayedMs: Math.round(this.#replayedMs),
    };
  }
}
