import { redisFailure, redisUnavailable } from './redis-failure.js';
import { RedisLink, type RedisLinkOptions } from './redis-link.js';
import { allScripts, type RedisScript, sequenceScript } from './redis-scripts.js';
import { ServerClock } from './server-clock.js';

export interface RedisCommandsOptions extends Omit<RedisLinkOptions, 'prepare' | 'lost'> {
  /** Redis key of the state. */
  readonly state: string;
}

type Argument = string | Buffer;

/** What scripts return when they run too late. */
const LATE = -2;

/** Commands and scripts on one connection, sent in the order of the calls. Every failure is a `CacheError`. */
export class RedisCommands {
  readonly #link: RedisLink;
  readonly #clock: ServerClock = new ServerClock();
  readonly #timeoutMs: number;

  constructor(options: RedisCommandsOptions) {
    this.#timeoutMs = options.commandTimeoutMs;
    this.#link = new RedisLink({
      ...options,
      prepare: async (connection) => {
        const loads = allScripts.map(({ text }) => connection.sendCommand(['SCRIPT', 'LOAD', text]));
        await Promise.all(loads);
        // Also finds out whether a cluster keeps the keys on another node.
        await connection.sendCommand(['EVALSHA', sequenceScript.sha, '1', options.state]);
        await this.#clock.measure(() => connection.sendCommand(['TIME']));
      },
    });
  }

  get isUp(): boolean {
    return this.#link.isUp;
  }

  connect(): Promise<void> {
    return this.#link.connect();
  }

  async run<T>(
    { sha, text }: RedisScript,
    keys: readonly string[],
    args: readonly Argument[],
    options?: object,
  ): Promise<T> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.#link.send<T>(['EVALSHA', sha, ...rest], options);
    } catch (error) {
      // The scripts have been flushed since we connected.
      const isForgotten = error instanceof Error && error.message.startsWith('NOSCRIPT');
      if (!isForgotten) throw redisFailure(error);
      return this.send<T>(['EVAL', text, ...rest], options);
    }
  }

  /** For scripts that must not run after their caller has given up: the deadline is passed as the last argument. */
  async runInTime(script: RedisScript, keys: readonly string[], args: readonly Argument[]): Promise<number> {
    const deadline = this.#clock.in(this.#timeoutMs);
    // Not awaited: until it succeeds, the old reading has to do.
    if (this.#clock.isOld) this.#readClock().catch(() => {});
    const answer = await this.run<number>(script, keys, [...args, String(deadline)]);
    if (answer !== LATE) return answer;
    // The answer came in time, or `run` would have failed: one of the clocks was set.
    await this.#readClock();
    throw redisUnavailable('The clock of Redis has jumped');
  }

  async send<T>(args: readonly Argument[], options?: object): Promise<T> {
    try {
      return await this.#link.send<T>(args, options);
    } catch (error) {
      throw redisFailure(error);
    }
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #readClock(): Promise<void> {
    return this.#clock.measure(() => this.send(['TIME']));
  }
}
