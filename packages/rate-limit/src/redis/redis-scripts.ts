import { hash } from 'node:crypto';
import { RedisLine } from './redis-line.js';
import {
  type RedisLimitStoreOptions,
  type ResolvedRedisOptions,
  resolveRedisOptions,
} from './redis-options.js';

/** A Lua script and the digest by which Redis remembers it. */
export interface RedisScript {
  readonly text: string;
  /** SHA-1 of the text. */
  readonly sha: string;
}

export function redisScript(text: string): RedisScript {
  return { text, sha: hash('sha1', text) };
}

/**
 * Runs scripts on its own connection, which is made on demand and again after it breaks. Never keeps a process alive: callers must stop
 * waiting by themselves.
 */
export class RedisScripts {
  readonly #line: RedisLine;
  #isClosed = false;

  constructor(options: ResolvedRedisOptions) {
    this.#line = new RedisLine(options);
  }

  /** All keys must be in one slot of a cluster. */
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
      // Redis forgets scripts when it restarts.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return this.#line.send(first, ['EVAL', text, ...rest]);
    }
  }

  /** Commands in progress fail. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#line.drop();
  }
}

/** For keeping something else in Redis, by the same rules. Throws a `TypeError` or `RangeError` for invalid options. */
export function openRedisScripts(options: RedisLimitStoreOptions): RedisScripts {
  return new RedisScripts(resolveRedisOptions(options));
}
