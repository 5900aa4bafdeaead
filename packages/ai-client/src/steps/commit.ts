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

/** Message of the channel `ai-client:answer:commit`, published for each answer to a request that has a cache key. */
export interface AnswerCommitMessage {
  readonly key: string;
  readonly stored: boolean;
  /** Why it was not stored. */
  readonly reason?: string;
}

const commitChannel = channel('ai-client:answer:commit');

export interface AnswerStore {
  readonly cache: Cache<Entry>;
  /** Whether the next answer may end without waiting for tiers slower than memory. */
  readonly isHurried: () => boolean;
  /** How long past its lifetime an answer is kept, ms. */
  readonly staleIfErrorMs: number;
  /** Records stored answers. */
  readonly cassettes?: Cassettes;
}

export interface Commitment {
  readonly key: string;
  readonly target: Target;
  readonly plan: FlightPlan;
  /** The answer as a body, whatever its shape; `undefined` if there is none or it is incomplete. */
  readonly proof: JsonObject | undefined;
  /** Called only if the answer is to be stored. */
  makeEntry(): Entry;
}

/**
 * How long the end of an answer may wait for the slower tiers or the cassette, ms. A caller that has seen the end and repeats the request
 * at another server, or at this one after a crash, should find the answer stored. A hanging tier must not hold up the caller.
 */
const maxWriteWaitMs = 200;
/** How long the disk tier may batch answers into one transaction during a rush, ms: this much is lost if the process is killed. */
const gatherMs = 20;
/** 400 answers a second; below that, batching is not worth a possible loss. */
const rushAnswers = 8;

/**
 * Decides whether answers may end without waiting for the write: during a rush. Never if a tier shared with other machines or a cassette
 * must have every answer at its end; always if memory is the only tier.
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
 * Stores an answer proven complete. The memory tier has it when this returns. The promise resolves when the other tiers have it too, have
 * failed (which is the cache's own concern), or have taken too long. In a rush, nothing is waited for. Returns whether the answer is kept.
 */
export function commit(
  { cache, isHurried, staleIfErrorMs, cassettes }: AnswerStore,
  adapter: SurfaceAdapter,
  { key, target, plan, proof, makeEntry }: Commitment,
): Promise<boolean> | boolean {
  const verdict = proof === undefined ? noAnswer : adapter.judge(proof, target.request);
  const { ttlMs } = plan;
  const expiresAt = proof === undefined ? undefined : adapter.expiresAt?.(proof);
  const isKept = verdict.complete && ttlMs !== 0 && !(expiresAt !== undefined && expiresAt <= Date.now());
  if (commitChannel.hasSubscribers) {
    const message: AnswerCommitMessage = isKept
      ? { key, stored: true }
      : { key, stored: false, reason: verdict.complete ? 'its lifetime is over' : verdict.reason };
    commitChannel.publish(message);
  }
  if (!verdict.complete) return false;
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
  if (isRush) {
    written.catch(alone);
    return isKept;
  }
  const recorded = cassettes?.record(withBody(target, plan.body), entry);
  return withinMs(Promise.all([written, recorded]), maxWriteWaitMs).then(() => isKept);
}

/** A write fails only if the cache was closed; the answer then goes to the caller alone. */
function alone(): void {}

const noAnswer: Verdict = { complete: false, reason: 'it does not make a whole answer' };

/** Resolves when `work` does or the time is up; the work then goes on in the background. */
async function withinMs(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs).unref();
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
