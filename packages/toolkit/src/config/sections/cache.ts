import type { Kind } from '../kind.js';
import { accessUrl, amount, flag, integer, or, positive, section, text } from './kinds.js';

export interface CacheSection {
  readonly enabled: boolean;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly ttlMs: number;
  readonly keepRequests: boolean;
  readonly recordMisses: boolean;
}

export interface SemanticSection {
  readonly model?: string | undefined;
  readonly threshold: number;
  readonly timeoutMs: number;
}

export interface RedisSection {
  readonly url?: string | undefined;
  readonly coalesceWaitMs: number;
}

const minute = 60 * 1000;
const day = 24 * 60 * minute;
const mebibyte = 1024 * 1024;

export const cacheSection: Kind<CacheSection> = section('The response cache.', {
  enabled: or(flag('Keep answers. false: none is read or stored; calls under way are still shared.'), true),
  memoryBytes: or(positive('Bound of the memory tier, bytes.'), 64 * mebibyte),
  diskBytes: or(positive('Bound of the disk tier, bytes.'), 1024 * mebibyte),
  ttlMs: or(amount('Lifetime of an answer, ms. 0 stores nothing.'), 30 * day),
  keepRequests: or(
    flag('Keep requests beside their answers, so that exports hold them and misses are explained.'),
    false,
  ),
  recordMisses: or(
    flag(
      'Find out in which fields requests that miss differ from those before. Keeps hashes, and no word of them.',
    ),
    true,
  ),
});

export const semanticSection: Kind<SemanticSection> = section(
  'Answers to other questions that say the same. Off while it names no model.',
  {
    model: text(
      'Embedding model by which questions that say the same share an answer. Default: none, they do not.',
    ),
    threshold: or(amount('How alike two questions must be, as the cosine of their vectors.', 1), 0.95),
    timeoutMs: or(positive('Longest that a call waits for the vector of its question, ms.'), 300),
  },
);

export const redisSection: Kind<RedisSection> = section('For servers that share answers.', {
  url: accessUrl('Redis that servers share answers and limits through.', /^rediss?$/, 'URL, redis or rediss'),
  coalesceWaitMs: or(
    integer(
      'Longest that a call waits for another server that is asking the same, ms. 0: not at all.',
      0,
      2 ** 31 - 1,
    ),
    minute,
  ),
});
