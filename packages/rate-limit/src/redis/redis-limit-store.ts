import type { LimitStep, LimitStore, StepReply } from '../shared/limit-store.js';
import { redisKey } from './redis-key.js';
import {
  type RedisLimitStoreOptions,
  type ResolvedRedisOptions,
  resolveRedisOptions,
} from './redis-options.js';
import { type RedisScript, RedisScripts } from './redis-scripts.js';
import { stepScript } from './step-script.js';

/**
 * Keeps limits in Redis 6.2 or later (or a compatible server), for any number of processes on any number of machines. Connects on first
 * use. Needs the package `redis`, version 5 or later.
 *
 * Throws a `TypeError` or `RangeError` for invalid options.
 */
export function redisLimitStore(options: RedisLimitStoreOptions): LimitStore {
  return new RedisLimitStore(resolveRedisOptions(options), stepScript());
}

export class RedisLimitStore implements LimitStore {
  readonly timeoutMs: number;
  readonly #prefix: string;
  readonly #scripts: RedisScripts;
  readonly #script: RedisScript;

  constructor(options: ResolvedRedisOptions, script: RedisScript) {
    this.timeoutMs = options.timeoutMs;
    this.#prefix = options.prefix;
    this.#scripts = new RedisScripts(options);
    this.#script = script;
  }

  async step(key: string, step: LimitStep): Promise<StepReply> {
    const name = redisKey(this.#prefix, key);
    const args = [JSON.stringify(step), JSON.stringify(step.limits)];
    return JSON.parse(String(await this.#scripts.run(this.#script, [name], args))) as StepReply;
  }

  close(): Promise<void> {
    this.#scripts.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
