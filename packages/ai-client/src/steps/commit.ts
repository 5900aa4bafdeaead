import { channel } from 'node:diagnostics_channel';
import type { Cache } from '@ai-toolkit/core-cache';
import type { Cassettes } from '../cassettes/cassettes.js';
import type { Entry } from '../entry.js';
import type { JsonObject } from '../json.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import type { AskedTarget } from './target.js';

/** Message of the channel `ai-client:answer:commit`, published for each answer that a cache key was made for. */
export interface AnswerCommitMessage {
  readonly key: string;
  readonly stored: boolean;
  /** Why it was not stored. */
  readonly reason?: string;
}

const commitChannel = channel('ai-client:answer:commit');

export interface AnswerStore {
  readonly cache: Cache<Entry>;
  /** It has no tier that could be slow. */
  readonly cacheIsMemory: boolean;
  /** How long past its lifetime an answer is kept, ms. */
  readonly staleIfErrorMs: number;
  /** Records what is stored. */
  readonly cassettes?: Cassettes;
}

export interface Commitment {
  readonly key: string;
  readonly target: AskedTarget;
  readonly entry: Entry;
  /** The answer as a body, for the proof; a stream is folded. Absent when it makes none. */
  readonly body?: JsonObject;
  readonly request: JsonObject;
  readonly ttlMs?: number;
  readonly tags: readonly string[];
}

/**
 * How long the end of an answer may wait for the slower tiers, ms. An answer has been paid for: it should be safe before
 * its caller hears of it, so that a crash behind it costs nothing. A disk that hangs must not hold up the caller.
 */
const maxWriteWaitMs = 50;

/**
 * Stores an answer that is proven complete. The memory tier has it when this returns; the promise resolves when the slower
 * tiers have it too, or have failed, which is the cache's own affair, or have taken too long. Tells whether the answer is kept.
 */
export async function commit(
  { cache, cacheIsMemory, staleIfErrorMs, cassettes }: AnswerStore,
  adapter: SurfaceAdapter,
  what: Commitment,
): Promise<boolean> {
  const verdict =
    what.body === undefined
      ? { complete: false as const, reason: 'it does not make a whole answer' }
      : adapter.judge(what.body, what.request);
  if (commitChannel.hasSubscribers) {
    const message: AnswerCommitMessage = verdict.complete
      ? { key: what.key, stored: true }
      : { key: what.key, stored: false, reason: verdict.reason };
    commitChannel.publish(message);
  }
  if (!verdict.complete) return false;
  const { ttlMs, tags } = what;
  const written = cache.set(what.key, what.entry, {
    tags: [...tags],
    staleIfErrorMs,
    ...(ttlMs === undefined ? {} : { ttlMs }),
  });
  if (cacheIsMemory && cassettes === undefined) await written;
  else await withinMs(Promise.all([written, cassettes?.record(what.target, what.entry)]), maxWriteWaitMs);
  return ttlMs !== 0;
}

/** Resolves when `work` does, or when the time is over: then the work goes on alone. */
async function withinMs(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs).unref();
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
