import { channel } from 'node:diagnostics_channel';
import type { Cache } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import type { JsonObject } from '../json.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';

/** Message of the channel `ai-client:answer:commit`, published for each answer that a cache key was made for. */
export interface AnswerCommitMessage {
  readonly key: string;
  readonly stored: boolean;
  /** Why it was not stored. */
  readonly reason?: string;
}

const commitChannel = channel('ai-client:answer:commit');

export interface Commitment {
  readonly key: string;
  readonly entry: Entry;
  /** The answer as a body, for the proof; a stream is folded. Absent when it makes none. */
  readonly body?: JsonObject;
  readonly request: JsonObject;
  readonly ttlMs?: number;
  readonly tags: readonly string[];
}

/**
 * Stores an answer that is proven complete. The memory tier has it when this returns; slower tiers follow, and their
 * failures are the cache's own affair.
 */
export function commit(cache: Cache<Entry>, adapter: SurfaceAdapter, what: Commitment): void {
  const verdict =
    what.body === undefined
      ? { complete: false as const, reason: 'it does not make a whole answer' }
      : adapter.judge(what.body, what.request);
  if (verdict.complete) {
    const { ttlMs, tags } = what;
    void cache.set(what.key, what.entry, { tags: [...tags], ...(ttlMs === undefined ? {} : { ttlMs }) });
  }
  if (!commitChannel.hasSubscribers) return;
  const message: AnswerCommitMessage = verdict.complete
    ? { key: what.key, stored: true }
    : { key: what.key, stored: false, reason: verdict.reason };
  commitChannel.publish(message);
}
