import type { Kind } from '../kind.js';
import { accessUrl, amount, flag, integer, or, positive, positiveInteger, section, text } from './kinds.js';

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
  enabled: or(
    flag('Whether answers are cached. false: none are read or stored, but calls in flight are still shared.'),
    true,
  ),
  memoryBytes: or(positiveInteger('Size limit of the memory tier, bytes.'), 64 * mebibyte),
  diskBytes: or(
    integer('Size limit of the disk tier, bytes.', mebibyte, Number.MAX_SAFE_INTEGER),
    1024 * mebibyte,
  ),
  ttlMs: or(amount('Lifetime of an answer, ms. 0 stores nothing.'), 30 * day),
  keepRequests: or(
    flag('Store requests with their answers, so that exports contain them and misses can be explained.'),
    false,
  ),
  recordMisses: or(
    flag(
      'Find out in which fields requests that miss differ from earlier ones. Stores hashes, but none of their text.',
    ),
    true,
  ),
});

export const semanticSection: Kind<SemanticSection> = section(
  'Answers a question with the stored answer to a reworded one. Off unless a model is set.',
  {
    model: text(
      'Embedding model for finding questions that mean the same. Default: none, which turns it off.',
    ),
    threshold: or(positive('How similar two questions must be, as the cosine of their vectors.', 1), 0.95),
    timeoutMs: or(positive('How long a call waits for the vector of its question, ms.'), 300),
  },
);

export const redisSection: Kind<RedisSection> = section('For servers that share answers and limits.', {
  url: accessUrl(
    'Redis through which servers share answers and limits.',
    /^rediss?$/,
    'URL, redis or rediss',
  ),
  coalesceWaitMs: or(
    integer(
      'How long a call waits for another server that is making the same call, ms. 0: not at all.',
      0,
      2 ** 31 - 1,
    ),
    minute,
  ),
});
