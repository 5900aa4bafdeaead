import { hash } from 'node:crypto';
import { RedisLine } from './redis-line.js';
import {
  type RedisLimitStoreOptions,
  type ResolvedRedisOptions,
  resolveRedisOptions,
} from './redis-options.js';

/** A Lua script, and the name by which Redis remembers it. */
export interface RedisScript {
  readonly text: string;
  /** SHA-1. */
  readonly sha: string;
}

export function redisScript(text: string): RedisScript {
  return { text, sha: hash('sha1', text) };
}

/**
 * Runs scripts on a connection of its own, which is made when it is needed and made anew after it broke. Never keeps a process alive.
 * Whoever waits has to stop waiting by itself.
 */
export class RedisScripts {
  readonly #line: RedisLine;
  #isClosed = false;

  constructor(options: ResolvedRedisOptions) {
    this.#line = new RedisLine(options);
  }

  /** All keys have to lie in one slot of a cluster. */
  async run(
    { text, sha }: RedisScript,
    keys: readonly [string, ...string[]],
    args: readonly string[],
  ): Promise<unknown> {
    if (this.#isClosed) throw new Error('The store is closed.');
    const [first] = keys;
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.#line.send(first, ['EVALSHA', sha, ...rest]);
    } catch (error) {
      // Redis forgets scripts when it starts anew.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return this.#line.send(first, ['EVAL', text, ...rest]);
    }
  }

  /** What is under way fails. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#line.drop();
  }
}

/** For who keeps something else in Redis, by the same rules. Throws a `TypeError` or `RangeError` for options that make no sense. */
export function openRedisScripts(options: RedisLimitStoreOptions): RedisScripts {
  return new RedisScripts(resolveRedisOptions(options));
}
