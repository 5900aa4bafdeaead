import { channel } from 'node:diagnostics_channel';
import type { Cache } from '@ai-toolkit/core-cache';
import type { Cassettes } from '../cassettes/cassettes.js';
import type { Entry } from '../entry.js';
import type { JsonObject } from '../json.js';
import type { SurfaceAdapter, Verdict } from '../surfaces/adapter.js';
import type { FlightPlan } from './plan.js';
import { type Target, withBody } from './target.js';

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
  /** It has no tier that other machines read. */
  readonly cacheIsLocal: boolean;
  /** How long past its lifetime an answer is kept, ms. */
  readonly staleIfErrorMs: number;
  /** Records what is stored. */
  readonly cassettes?: Cassettes;
}

export interface Commitment {
  readonly key: string;
  readonly target: Target;
  readonly plan: FlightPlan;
  /** The answer as a body, whatever it came as. Absent when it is none, or not whole. */
  readonly proof?: JsonObject;
  /** Made when the answer is to be kept. */
  makeEntry(): Entry;
}

/**
 * How long the end of an answer may wait for a tier that others read, or for its cassette, ms: who hears of the end, and asks the same
 * of another server, shall find it there. What hangs must not hold up the caller.
 */
const maxWriteWaitMs = 50;
/** How long the disk may gather answers for one transaction, ms: what a killed process loses. */
const gatherMs = 20;

/**
 * Stores an answer that is proven complete. The memory tier has it when this returns, and the disk a moment later; the promise resolves
 * when a tier that others read has it too, or has failed, which is the cache's own affair, or has taken too long. Tells whether the
 * answer is kept.
 */
export async function commit(
  { cache, cacheIsLocal, staleIfErrorMs, cassettes }: AnswerStore,
  adapter: SurfaceAdapter,
  { key, target, plan, proof, makeEntry }: Commitment,
): Promise<boolean> {
  const verdict = proof === undefined ? noAnswer : adapter.judge(proof, target.request);
  if (commitChannel.hasSubscribers) {
    const message: AnswerCommitMessage = verdict.complete
      ? { key, stored: true }
      : { key, stored: false, reason: verdict.reason };
    commitChannel.publish(message);
  }
  if (!verdict.complete) return false;
  const { ttlMs } = plan;
  const entry = makeEntry();
  const written = cache.set(key, entry, {
    tags: [`model:${target.model}`, ...plan.tags],
    staleIfErrorMs,
    ...(cacheIsLocal ? { gatherMs } : {}),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  });
  if (cacheIsLocal && cassettes === undefined) {
    // The cache has closed, as far as it can fail: then the answer is the caller's alone.
    written.catch(() => {});
  } else {
    const recorded = cassettes?.record(withBody(target, plan.body), entry);
    await withinMs(Promise.all([written, recorded]), maxWriteWaitMs);
  }
  return ttlMs !== 0;
}

const noAnswer: Verdict = { complete: false, reason: 'it does not make a whole answer' };

/** Resolves when `work` does, or when the time is over: then the work goes on alone. */
async function withinMs(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs).unref();
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
