import { ChangeLog } from './change-log.js';
import { LeaseWaiters } from './lease-waiters.js';
import type { RedisKeys } from './redis-keys.js';
import { RedisLink, type RedisLinkOptions } from './redis-link.js';
import { decodeMessage } from './redis-messages.js';

export interface RedisBusOptions extends Omit<RedisLinkOptions, 'prepare' | 'lost'> {
  readonly keys: RedisKeys;
  /** The writer whose changes are left out of the log. */
  readonly writer: string;
}

/** A silent connection might as well be dead, so it is pinged. */
const PING_EVERY_MS = 5_000;

/** Listens to the other processes, on a connection of its own. */
export class RedisBus {
  readonly log: ChangeLog = new ChangeLog();
  readonly waiters: LeaseWaiters = new LeaseWaiters();
  readonly #keys: RedisKeys;
  readonly #writer: string;
  readonly #link: RedisLink;
  #pings: NodeJS.Timeout | undefined;
  #isDeaf = false;

  constructor(options: RedisBusOptions) {
    this.#keys = options.keys;
    this.#writer = options.writer;
    this.#link = new RedisLink({
      ...options,
      prepare: async (connection) => {
        await connection.subscribe(options.keys.channel, (text) => this.#hear(text));
        // Only now: messages up to here may have been missed, from here on they are heard.
        if (this.#isDeaf) this.log.forget();
        this.#isDeaf = false;
      },
      lost: () => {
        this.#isDeaf = true;
        // No message will come: let the waiters ask for themselves.
        this.waiters.wakeAll();
      },
    });
  }

  get isUp(): boolean {
    return this.#link.isUp;
  }

  async connect(): Promise<void> {
    await this.#link.connect();
    this.#pings ??= setInterval(() => {
      if (this.#link.isUp) this.#link.send(['PING']).catch(() => {});
    }, PING_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#pings);
    this.waiters.wakeAll();
    await this.#link.close();
  }

  #hear(text: string): void {
    const message = decodeMessage(text);
    if (message === undefined) return;
    if (message.kind !== 'clear' && !this.waiters.isEmpty) {
      this.waiters.wake(this.#keys.lease(message.namespace, message.key));
    }
    if (message.writer !== this.#writer && message.kind !== 'release') this.log.add(message);
  }
}
