import type { LimitStep, LimitStore, StepReply } from '../shared/limit-store.js';
import { redisKey } from './redis-key.js';
import { RedisLine } from './redis-line.js';
import {
  type RedisLimitStoreOptions,
  type ResolvedRedisOptions,
  resolveRedisOptions,
} from './redis-options.js';
import { type RedisScript, stepScript } from './step-script.js';

/**
 * Keeps limits in Redis 6.2 or later (or what speaks like it), for any number of processes on any number of machines. Connects when
 * it is first used. Needs the package `redis`, version 5 or later.
 *
 * Throws a `TypeError` or `RangeError` for options that make no sense.
 */
export function redisLimitStore(options: RedisLimitStoreOptions): LimitStore {
  return new RedisLimitStore(resolveRedisOptions(options), stepScript());
}

export class RedisLimitStore implements LimitStore {
  readonly timeoutMs: number;
  readonly #prefix: string;
  readonly #line: RedisLine;
  readonly #script: RedisScript;
  #isClosed = false;

  constructor(options: ResolvedRedisOptions, script: RedisScript) {
    this.timeoutMs = options.timeoutMs;
    this.#prefix = options.prefix;
    this.#line = new RedisLine(options);
    this.#script = script;
  }

  async step(key: string, step: LimitStep): Promise<StepReply> {
    if (this.#isClosed) throw new Error('The store is closed.');
    const name = redisKey(this.#prefix, key);
    const rest = ['1', name, JSON.stringify(step), JSON.stringify(step.limits)];
    let answer: unknown;
    try {
      answer = await this.#line.send(name, ['EVALSHA', this.#script.sha, ...rest]);
    } catch (error) {
      // Redis forgets scripts when it starts anew.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      answer = await this.#line.send(name, ['EVAL', this.#script.text, ...rest]);
    }
    return JSON.parse(String(answer)) as StepReply;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#line.drop();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
