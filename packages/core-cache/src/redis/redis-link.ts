import type { RedisAddress } from './redis-dial.js';
import { redirection } from './redis-dial.js';
import { isFromReplica, redisUnavailable } from './redis-failure.js';
import type { RedisConnection } from './redis-options.js';

export interface RedisLinkOptions {
  /** Makes a connection without connecting it. */
  dial(address: RedisAddress | undefined): Promise<RedisConnection>;
  /** Prepares a new connection before it is used. */
  prepare(connection: RedisConnection): Promise<unknown>;
  /** Called when the connection is lost; a new one is on its way. */
  lost?(): void;
  readonly connectTimeoutMs: number;
  readonly commandTimeoutMs: number;
  /** Returns numbers from 0 up to 1; spreads reconnects. */
  readonly random: () => number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Timeouts in a row after which the connection is dropped: its peer may be gone without a word. */
const TIMEOUTS_TO_DROP = 3;
const MAX_REDIRECTIONS = 5;

/**
 * One connection that is renewed when it breaks. Nothing is queued: without a connection commands fail at once, with one they fail after
 * `commandTimeoutMs`. Neither the connection nor its renewal keeps the process alive; a command in progress does, through its timer, or the
 * process would end before the answer.
 */
export class RedisLink {
  readonly #options: RedisLinkOptions;
  #connection: RedisConnection | undefined;
  #connecting: Promise<void> | undefined;
  #address: RedisAddress | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #timeoutsInARow = 0;
  #lastTimeoutAt = 0;
  #underWay = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  #isClosed = false;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#connection !== undefined;
  }

  /** Resolves once there is a connection; rejects if none can be made in time. Renewals start only after the first success. */
  async connect(): Promise<void> {
    if (this.#connection !== undefined) return;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    await this.#connecting;
  }

  /** Sends at once, so that commands reach Redis in the order of the calls. */
  send<T>(args: readonly (string | Buffer)[], options?: object): Promise<T> {
    const connection = this.#connection;
    if (connection === undefined) return Promise.reject(redisUnavailable('There is no connection to Redis'));
    const { commandTimeoutMs } = this.#options;
    const sentAt = performance.now();
    this.#underWay += 1;
    return this.#within(connection.sendCommand<T>(args, options), commandTimeoutMs, () =>
      this.#timedOut(connection, sentAt),
    )
      .catch((error: unknown) => {
        const address = redirection(error);
        if (address !== undefined) this.#move(connection, address);
        else if (isFromReplica(error)) this.#lose(connection);
        throw error;
      })
      .finally(() => this.#settled());
  }

  /** Waits for the commands in progress, each of which has a time limit. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#renewal);
    if (this.#underWay > 0) {
      this.#idle ??= Promise.withResolvers<void>();
      await this.#idle.promise;
    }
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.destroy();
  }

  async #connect(): Promise<void> {
    for (let redirections = 0; ; redirections += 1) {
      try {
        await this.#open(await this.#options.dial(this.#address));
        this.#pauseMs = FIRST_PAUSE_MS;
        return;
      } catch (error) {
        const address = redirection(error);
        // The node in charge may be the one that died; the configured one knows its successor.
        this.#address = address === undefined ? undefined : this.#resolve(address);
        if (address === undefined || redirections === MAX_REDIRECTIONS) {
          throw redisUnavailable('There is no connection to Redis', error);
        }
      }
    }
  }

  async #open(connection: RedisConnection): Promise<void> {
    const { connectTimeoutMs, prepare } = this.#options;
    let isBroken = false;
    const broke = (): void => {
      isBroken = true;
      this.#lose(connection);
    };
    for (const event of ['error', 'terminated', 'end']) connection.on(event, broke);
    connection.unref();
    try {
      const opened = connection.connect().then(() => prepare(connection));
      await this.#within(opened, connectTimeoutMs, () => {});
      if (isBroken) throw redisUnavailable('The connection to Redis broke');
      if (this.#isClosed) throw redisUnavailable('The store is closed');
    } catch (error) {
      connection.destroy();
      throw error;
    }
    this.#timeoutsInARow = 0;
    this.#connection = connection;
  }

  /** Rejects after `limitMs`. The answer may still come; node-redis then discards it. */
  #within<T>(work: Promise<T>, limitMs: number, expired: () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let isSettled = false;
      const expire = (): void => {
        if (isSettled) return;
        reject(redisUnavailable(`Redis did not answer within ${limitMs} ms`));
        expired();
      };
      // After a long turn of the event loop, timers run before the data that the socket has received: let that be read first.
      const timer = setTimeout(() => setImmediate(expire), limitMs);
      work.then(resolve, reject).finally(() => {
        isSettled = true;
        clearTimeout(timer);
        this.#timeoutsInARow = 0;
      });
    });
  }

  #timedOut(connection: RedisConnection, sentAt: number): void {
    // Commands sent together time out together: that is one timeout, not many.
    if (connection !== this.#connection || sentAt < this.#lastTimeoutAt) return;
    this.#lastTimeoutAt = performance.now();
    this.#timeoutsInARow += 1;
    if (this.#timeoutsInARow >= TIMEOUTS_TO_DROP) this.#lose(connection);
  }

  #move(connection: RedisConnection, address: RedisAddress): void {
    this.#address = this.#resolve(address);
    this.#lose(connection);
  }

  #resolve(address: RedisAddress): RedisAddress | undefined {
    if (address.host !== '') return address;
    return this.#address === undefined ? undefined : { ...this.#address, port: address.port };
  }

  #lose(connection: RedisConnection): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    connection.destroy();
    this.#options.lost?.();
    this.#renewSoon();
  }

  #renewSoon(): void {
    if (this.#isClosed) return;
    const pauseMs = this.#pauseMs * (0.5 + this.#options.random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#renewal = setTimeout(() => {
      this.connect().catch(() => this.#renewSoon());
    }, pauseMs);
    this.#renewal.unref();
  }

  #settled(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#idle?.resolve();
  }
}
