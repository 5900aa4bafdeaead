import * as z from 'zod/mini';
import { accessUrl, amount, flag, integer, positive, text } from './kinds.js';

export interface CacheSection {
  readonly enabled: boolean;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly ttlMs: number;
  readonly keepRequests: boolean;
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

export const cacheSection: z.ZodMiniType<CacheSection> = z
  .prefault(
    z.strictObject({
      enabled: z._default(
        flag('Keep answers. false: none is read or stored; calls under way are still shared.'),
        true,
      ),
      memoryBytes: z._default(positive('Bound of the memory tier, bytes.'), 64 * mebibyte),
      diskBytes: z._default(positive('Bound of the disk tier, bytes.'), 1024 * mebibyte),
      ttlMs: z._default(amount('Lifetime of an answer, ms. 0 stores nothing.'), 30 * day),
      keepRequests: z._default(
        flag('Keep requests beside their answers, so that exports hold them and misses are explained.'),
        false,
      ),
    }),
    {},
  )
  .check(z.describe('The response cache.'));

export const semanticSection: z.ZodMiniType<SemanticSection> = z
  .prefault(
    z.strictObject({
      model: z.optional(
        text(
          'Embedding model by which questions that say the same share an answer. Default: none, they do not.',
        ),
      ),
      threshold: z._default(
        amount('How alike two questions must be, as the cosine of their vectors.', 1),
        0.95,
      ),
      timeoutMs: z._default(positive('Longest that a call waits for the vector of its question, ms.'), 300),
    }),
    {},
  )
  .check(z.describe('Answers to other questions that say the same. Off while it names no model.'));

export const redisSection: z.ZodMiniType<RedisSection> = z
  .prefault(
    z.strictObject({
      url: z.optional(
        accessUrl(
          'Redis that servers share answers and limits through.',
          /^rediss?$/,
          'URL, redis or rediss',
        ),
      ),
      coalesceWaitMs: z._default(
        integer(
          'Longest that a call waits for another server that is asking the same, ms. 0: not at all.',
          0,
          2 ** 31 - 1,
        ),
        minute,
      ),
    }),
    {},
  )
  .check(z.describe('For servers that share answers.'));
