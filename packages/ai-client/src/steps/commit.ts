import { channel } from 'node:diagnostics_channel';
import type { Cache, SetOptions } from '@ai-toolkit/core-cache';
import type { Cassettes } from '../cassettes/cassettes.js';
import type { Entry } from '../entry.js';
import type { JsonObject } from '../json.js';
import type { Mutable } from '../mutable.js';
import type { SurfaceAdapter, Verdict } from '../surfaces/adapter.js';
import type { FlightPlan } from './plan.js';
import { createRush } from './rush.js';
import { tagsOf } from './tags.js';
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
  /** Whether the end of the next answer need not wait for what is slower than memory. */
  readonly isHurried: () => boolean;
  /** How long past its lifetime an answer is kept, ms. */
  readonly staleIfErrorMs: number;
  /** Records what is stored. */
  readonly cassettes?: Cassettes;
}

export interface Commitment {
  readonly key: string;
  readonly target: Target;
  readonly plan: FlightPlan;
  /** The answer as a body, whatever it came as; `undefined` when it is none, or not whole. */
  readonly proof: JsonObject | undefined;
  /** Made when the answer is to be kept. */
  makeEntry(): Entry;
}

/**
 * How long the end of an answer may wait for the slower tiers, or for its cassette, ms: who hears of the end, and asks the same of another
 * server, or of this one when it has been killed, shall find it there. What hangs must not hold up the caller.
 */
const maxWriteWaitMs = 200;
/** How long the disk may gather answers for one transaction in a rush, ms: what a killed process loses. */
const gatherMs = 20;
/** 400 answers a second: fewer are not worth a loss. */
const rushAnswers = 8;

/**
 * When answers need not wait: in a rush. Never, where another machine or a cassette is to have each of them at its end; always, where
 * there is nothing but memory.
 */
export function createHurry(
  tiers: readonly { readonly name: string }[],
  cassettes?: Cassettes,
): () => boolean {
  if (cassettes !== undefined || tiers.some(({ name }) => name !== 'memory' && name !== 'disk'))
    return () => false;
  return tiers.some(({ name }) => name === 'disk') ? createRush(rushAnswers, gatherMs) : () => true;
}

/**
 * Stores an answer that is proven complete. The memory tier has it when this returns; the promise resolves when the other tiers have it
 * too, or have failed, which is the cache's own affair, or have taken too long. In a rush nothing is waited for. Tells whether the answer
 * is kept.
 */
export function commit(
  { cache, isHurried, staleIfErrorMs, cassettes }: AnswerStore,
  adapter: SurfaceAdapter,
  { key, target, plan, proof, makeEntry }: Commitment,
): Promise<boolean> | boolean {
  const verdict = proof === undefined ? noAnswer : adapter.judge(proof, target.request);
  if (commitChannel.hasSubscribers) {
    const message: AnswerCommitMessage = verdict.complete
      ? { key, stored: true }
      : { key, stored: false, reason: verdict.reason };
    commitChannel.publish(message);
  }
  if (proof === undefined || !verdict.complete) return false;
  const { ttlMs } = plan;
  const expiresAt = adapter.expiresAt?.(proof);
  const entry = makeEntry();
  const isRush = isHurried();
  const options: Mutable<SetOptions> = {
    tags: tagsOf(target.model, target.scope, plan.exchange.labels),
    staleIfErrorMs,
  };
  if (isRush) options.gatherMs = gatherMs;
  if (ttlMs !== undefined) options.ttlMs = ttlMs;
  if (expiresAt !== undefined) options.expiresAt = expiresAt;
  const written = cache.set(key, entry, options);
  const isKept = ttlMs !== 0 && !(expiresAt !== undefined && expiresAt <= Date.now());
  if (isRush) {
    written.catch(alone);
    return isKept;
  }
  const recorded = cassettes?.record(withBody(target, plan.body), entry);
  return withinMs(Promise.all([written, recorded]), maxWriteWaitMs).then(() => isKept);
}

/** The cache has closed, as far as it can fail: then the answer is the caller's alone. */
function alone(): void {}

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
