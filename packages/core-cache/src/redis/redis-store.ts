import { randomUUID } from 'node:crypto';
import { CacheError } from '../cache-error.js';
import type { Clock } from '../clock.js';
import type { Store, StoreChanges, StoreEntry, StoreSetOptions, StoreStats, StoreSummary } from '../store.js';
import { RedisBus } from './redis-bus.js';
import { RedisCommands } from './redis-commands.js';
import { dialRedis } from './redis-dial.js';
import { RedisKeys } from './redis-keys.js';
import type { RedisLinkOptions } from './redis-link.js';
import { encodeMessage } from './redis-messages.js';
import type { ResolvedRedisOptions } from './redis-options.js';
import { decodeRecord, encodeHead, SEQUENCE_BYTES, summarize } from './redis-record.js';
import {
  clearScript,
  deleteScript,
  leaseScript,
  listScript,
  readScript,
  releaseScript,
  sequenceScript,
  writeScript,
} from './redis-scripts.js';
import { Tally } from './tally.js';

export interface RedisStoreOptions extends ResolvedRedisOptions {
  readonly clock: Clock;
  /** Returns numbers from 0 up to 1; spreads reconnects. */
  readonly random: () => number;
}

/** Everything in Redis expires eventually, so that nothing forgotten stays forever. */
const LONGEST_LIFE_MS = 30 * 24 * 3_600_000;
/** Scripts pass the names of tags on as arguments, whose number is limited. */
const MAX_TAGS = 1000;
/** How long a waiter for a lease listens before it asks again: a holder that died sends no message. */
const ASK_AGAIN_MS = 200;
/** Caps the requested lifetime, because a lease whose release was lost holds everybody up; holders prolong theirs in time. */
const LONGEST_LEASE_MS = 5_000;
const PAGE_OF_KEYS = 512;
/** node-redis's type code for bulk strings, mapped to bytes. */
const BYTES: object = { typeMapping: { 36: Buffer } };

/** Entries in Redis, shared by any number of processes on any number of machines. */
export class RedisStore implements Store<Uint8Array> {
  readonly name = 'redis';
  readonly #options: RedisStoreOptions;
  readonly #keys: RedisKeys;
  readonly #commands: RedisCommands;
  readonly #bus: RedisBus;
  readonly #writer: string = randomUUID();
  readonly #tally: Tally = new Tally();
  #corrupt = 0;
  #isClosed = false;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#keys = new RedisKeys(options.prefix);
    const dial: RedisLinkOptions['dial'] = (address) => dialRedis(options, address);
    this.#commands = new RedisCommands({ ...options, dial, state: this.#keys.state });
    this.#bus = new RedisBus({ ...options, dial, keys: this.#keys, writer: this.#writer });
  }

  get isConnected(): boolean {
    return this.#commands.isUp && this.#bus.isUp;
  }

  async open(): Promise<void> {
    if (this.#isClosed) {
      throw new CacheError('CACHE_CLOSED', 'The store is closed', {
        hint: 'Create another cache.',
        retryable: false,
      });
    }
    await Promise.all([this.#commands.connect(), this.#bus.connect()]);
  }

  async get(namespace: string, key: string): Promise<StoreEntry<Uint8Array> | undefined> {
    const physical = this.#keys.entry(namespace, key);
    const args = [this.#keys.clearOfNamespace(namespace)];
    const value = await this.#commands.run<Buffer | null>(
      readScript,
      [physical, this.#keys.state],
      args,
      BYTES,
    );
    if (value === null) return undefined;
    try {
      return decodeRecord(value, physical);
    } catch (error) {
      this.#corrupt += 1;
      // Not awaited: if it fails, the entry will be detected again.
      this.#commands.send(['UNLINK', physical]).catch(() => {});
      throw error;
    }
  }

  async set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    options?: StoreSetOptions,
  ): Promise<boolean> {
    const { payload, tags, retainUntil } = entry;
    if (payload.byteLength > this.#options.maxEntryBytes || tags.length > MAX_TAGS) {
      await this.delete(namespace, key);
      return false;
    }
    const physical = this.#keys.entry(namespace, key);
    const members = tags.map((tag) => this.#keys.clearOfTag(namespace, tag));
    const head = encodeHead(entry, key, physical, members);
    const livesMs = Math.min(
      Math.max(Math.ceil(retainUntil - this.#options.clock.now()), 1),
      LONGEST_LIFE_MS,
    );
    const message = encodeMessage({ kind: 'key', writer: this.#writer, namespace, key });
    const replaced = await this.#commands.runInTime(
      writeScript,
      [physical, this.#keys.state],
      [
        this.#keys.clearOfNamespace(namespace),
        Buffer.concat(members),
        options?.since === undefined ? '' : String(options.since),
        String(livesMs),
        this.#keys.channel,
        message,
        head,
        Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
      ],
    );
    if (replaced < 0) return false;
    this.#tally.replaced(namespace, replaced, SEQUENCE_BYTES + head.length + payload.byteLength);
    return true;
  }

  async delete(namespace: string, key: string): Promise<boolean> {
    const message = encodeMessage({ kind: 'key', writer: this.#writer, namespace, key });
    const deleted = await this.#commands.run<number>(
      deleteScript,
      [this.#keys.entry(namespace, key), this.#keys.state],
      [this.#keys.clearOfNamespace(namespace), this.#keys.channel, message],
    );
    if (deleted > 0) this.#tally.deleted(namespace, deleted);
    return deleted > 0;
  }

  async clear(namespace: string, tag?: string): Promise<void> {
    const member =
      tag === undefined ? this.#keys.clearOfNamespace(namespace) : this.#keys.clearOfTag(namespace, tag);
    const message = encodeMessage({ kind: 'clear', writer: this.#writer, namespace, tag });
    await this.#commands.run(clearScript, [this.#keys.state], [member, this.#keys.channel, message]);
    if (tag === undefined) this.#tally.cleared(namespace);
  }

  sequence(): Promise<number> {
    return this.#commands.run<number>(sequenceScript, [this.#keys.state], []);
  }

  /** A refusal takes a while: it first waits for a message from the holder. */
  async lease(namespace: string, key: string, owner: string, ttlMs: number): Promise<boolean> {
    const name = this.#keys.lease(namespace, key);
    const livesMs = Math.min(Math.ceil(ttlMs), LONGEST_LEASE_MS);
    const ask = async (): Promise<boolean> =>
      (await this.#commands.runInTime(leaseScript, [name], [owner, String(livesMs)])) === 1;
    // Listen before asking: the message may arrive together with the answer.
    const listening = this.#bus.waiters.listen(name);
    try {
      if (await ask()) return true;
      if (!this.#bus.isUp || this.#isClosed) return false;
      await listening.woken(ASK_AGAIN_MS);
    } finally {
      listening.end();
    }
    return ask();
  }

  async release(namespace: string, key: string, owner: string): Promise<void> {
    const message = encodeMessage({ kind: 'release', writer: this.#writer, namespace, key });
    const args = [owner, this.#keys.channel, message];
    await this.#commands.run(releaseScript, [this.#keys.lease(namespace, key)], args);
  }

  changes(cursor: number): StoreChanges {
    return this.#bus.log.since(cursor);
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    const pattern = this.#keys.entryPattern(namespace);
    const member = this.#keys.clearOfNamespace(namespace);
    // A scan may return a key twice.
    const seen = new Set<string>();
    let cursor = '0';
    do {
      const scan = ['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(PAGE_OF_KEYS)];
      const [next, names] = await this.#commands.send<[string, string[]]>(scan);
      cursor = next;
      const keys = names.filter((name) => !seen.has(name));
      if (keys.length === 0) continue;
      for (const name of keys) seen.add(name);
      const found = await this.#commands.run<(Buffer | number)[]>(
        listScript,
        [this.#keys.state, ...keys],
        [member],
        BYTES,
      );
      for (let index = 0; index < found.length; index += 2) {
        const [head, length] = [found[index], found[index + 1]];
        if (Buffer.isBuffer(head) && typeof length === 'number') yield summarize(head, namespace, length);
      }
    } while (cursor !== '0');
  }

  /** Entries and bytes as far as this process stored and deleted them; only Redis knows what expires or is evicted. */
  stats(): StoreStats {
    const { entries, bytes } = this.#tally;
    return { entries, bytes, maxBytes: Number.POSITIVE_INFINITY, evictions: 0, corrupt: this.#corrupt };
  }

  /** Acknowledged writes are as durable as Redis is configured to make them; nothing is buffered on this side. */
  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#bus.close(), this.#commands.close()]);
  }
}
