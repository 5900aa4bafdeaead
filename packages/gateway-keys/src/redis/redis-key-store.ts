import { randomUUID } from 'node:crypto';
import {
  openRedisScripts,
  type RedisLimitStoreOptions,
  type RedisScript,
  redisKey,
} from '@ai-toolkit/rate-limit/redis';
import type { GatewayKey } from '../gateway-key.js';
import type { BudgetReply, KeyChanges, KeyStore, StoredKey } from '../key-store.js';
import { budgetScript } from './budget-script.js';
import { changesScript, putScript, touchScript } from './key-scripts.js';

/** Where Redis is, as for limits. `prefix` is `ai-toolkit:keys` by default; `timeoutMs`, 500 by default, limits each answer. */
export type RedisKeyStoreOptions = RedisLimitStoreOptions;

type Keys = readonly [string, ...string[]];

const defaultPrefix = 'ai-toolkit:keys';
const defaultTimeoutMs = 500;
/** Time limit for an answer that may need a connection first, ms. */
const connectMs = 2000;
/** How long Redis is not asked again after it failed to answer in time, ms, so that not every request waits anew. */
const restMs = 500;

/**
 * Keeps keys in Redis 6.2 or later, for any number of machines: all keys in one slot of a cluster, each budget in one of its own. Needs the
 * package `redis`, version 5 or later. Connects on first use.
 *
 * Throws a `TypeError` or `RangeError` for invalid options.
 */
export function redisKeyStore(options: RedisKeyStoreOptions): KeyStore {
  const { prefix = defaultPrefix, timeoutMs = defaultTimeoutMs } = options;
  const scripts = openRedisScripts({ ...options, prefix, timeoutMs });
  const registry = redisKey(prefix, 'registry');
  const [state, keys, order, used] = ['state', 'keys', 'order', 'used'].map(
    (part) => `${registry}:${part}`,
  ) as [string, string, string, string];
  let answered = false;
  let restsUntil = 0;

  async function run(script: RedisScript, names: Keys, args: readonly string[]): Promise<unknown> {
    const now = performance.now();
    if (now < restsUntil) throw new Error('Redis does not answer');
    const { promise, reject } = Promise.withResolvers<never>();
    const patienceMs = answered ? timeoutMs : Math.max(timeoutMs, connectMs);
    const timer = setTimeout(() => {
      restsUntil = performance.now() + restMs;
      answered = false;
      reject(new Error(`Redis did not answer within ${patienceMs} ms`));
    }, patienceMs);
    try {
      const answer = await Promise.race([scripts.run(script, names, args), promise]);
      answered = true;
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  const budgetOf = (key: string): Keys => [`${redisKey(prefix, key)}:budget`];

  async function changes(...[since]: Parameters<KeyStore['changes']>): Promise<KeyChanges | undefined> {
    const args = since === undefined ? ['-', '0'] : [since.epoch, String(since.revision)];
    const answer = await run(changesScript, [state, keys, order, used], args);
    if (!Array.isArray(answer)) return undefined;
    const [epoch, revision, whole, ...rows] = answer.map(String);
    const stored: StoredKey[] = [];
    for (let row = 0; row < rows.length; row += 2) stored.push(storedKey(rows[row] ?? '', rows[row + 1]));
    return {
      version: { epoch: epoch ?? '', revision: Number(revision) },
      keys: stored,
      isWhole: whole === '1',
    };
  }

  return {
    place: 'Redis',
    isShared: true,
    changes,
    async put(given) {
      const texts = given.map(({ key, digest }) =>
        JSON.stringify({ key, digest: Buffer.from(digest).toString('base64') }),
      );
      await run(putScript, [state, keys, order, used], [randomUUID(), ...texts]);
    },
    async touch(list) {
      await run(
        touchScript,
        [used],
        list.flatMap(({ id, at }) => [id, String(at)]),
      );
    },
    budget: (owner, steps) =>
      Promise.all(
        steps.map(async ({ key, period, ...step }) => {
          const { sequence, spent, held, known, limit, needed, wanted } = step;
          const numbers = [sequence, spent, held, known, limit, needed, wanted].map(String);
          return replyOf(await run(budgetScript, budgetOf(key), [period, owner, ...numbers]));
        }),
      ),
    async leave(owner, accounts) {
      await Promise.all(accounts.map(({ key, period }) => run(budgetScript, budgetOf(key), [period, owner])));
    },
    spending: async (key, period) => {
      const { spentUsd, heldUsd } = replyOf(await run(budgetScript, budgetOf(key), [period]));
      return { spentUsd, heldUsd };
    },
    close: () => scripts.close(),
  };
}

function storedKey(text: string, usedAt: string | undefined): StoredKey {
  const { key, digest } = JSON.parse(text) as { readonly key: GatewayKey; readonly digest: string };
  return {
    key,
    digest: Buffer.from(digest, 'base64'),
    ...(usedAt === undefined || usedAt === '' ? {} : { lastUsedAt: Number(usedAt) }),
  };
}

function replyOf(answer: unknown): BudgetReply {
  const [granted, spentUsd, heldUsd] = Array.isArray(answer) ? answer.map(Number) : [];
  if (granted === undefined || spentUsd === undefined || heldUsd === undefined)
    throw new Error('Redis answered something else than was asked');
  return { granted, spentUsd, heldUsd };
}
