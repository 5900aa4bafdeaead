import { CONNECT_MS, type DialedRedis, dialRedis } from './redis-dial.js';
import type { ResolvedRedisOptions } from './redis-options.js';

interface Line {
  readonly ready: Promise<DialedRedis>;
  dialed?: DialedRedis;
  isOpen: boolean;
  /** Since when it has been silent while owing an answer; monotonic ms. */
  silentSince: number | undefined;
  owed: number;
}

/**
 * One connection, made on demand and again after it breaks. It sets no timers, so it never keeps a process alive: callers must stop waiting
 * by themselves, and the next caller replaces a silent connection.
 */
export class RedisLine {
  readonly #options: ResolvedRedisOptions;
  #line: Line | undefined;

  constructor(options: ResolvedRedisOptions) {
    this.#options = options;
  }

  async send(key: string, args: readonly string[]): Promise<unknown> {
    const now = performance.now();
    const { timeoutMs } = this.#options;
    const patienceMs = this.#line?.isOpen === true ? timeoutMs : Math.max(timeoutMs, CONNECT_MS);
    // A peer that is gone without a word is noticed only by its silence.
    if (now - (this.#line?.silentSince ?? now) > patienceMs) this.drop();
    const line = this.#line ?? this.#open();
    line.silentSince ??= now;
    line.owed += 1;
    try {
      return await (await line.ready).send(key, args);
    } finally {
      line.owed -= 1;
      line.silentSince = line.owed === 0 ? undefined : performance.now();
    }
  }

  drop(): void {
    const line = this.#line;
    this.#line = undefined;
    if (line?.dialed !== undefined) destroy(line.dialed);
  }

  #open(): Line {
    const ready = dialRedis(this.#options).then(async (dialed) => {
      line.dialed = dialed;
      const broke = (): void => {
        if (this.#line === line) this.drop();
        else destroy(dialed);
      };
      for (const event of ['error', 'terminated', 'end']) dialed.connection.on(event, broke);
      // Dropped while the client was being loaded.
      if (this.#line !== line) throw new Error('The connection to Redis was given up.');
      await dialed.connection.connect();
      line.isOpen = true;
      return dialed;
    });
    const line: Line = { ready, isOpen: false, silentSince: undefined, owed: 0 };
    this.#line = line;
    ready.catch(() => {
      if (this.#line === line) this.drop();
    });
    return line;
  }
}

function destroy({ connection }: DialedRedis): void {
  try {
    connection.destroy();
  } catch {
    // It was already closed, or never open.
  }
}
