import type { Clock } from '../clock.js';
import type { StoreEntry, StoreSummary } from '../store.js';
import { type Generation, Generations } from './generations.js';
import type { KeyQueue } from './key-queue.js';
import type { KeyvBackend } from './keyv-backend.js';
import { KeyvCounts } from './keyv-counts.js';
import type { KeyvKeys } from './keyv-keys.js';
import { decodeKeyvRecord, encodeKeyvRecord, type KeyvRecord, summarize } from './keyv-record.js';
import { Stamps } from './stamps.js';

interface KeyvTableParts {
  readonly backend: KeyvBackend;
  readonly queue: KeyQueue;
  readonly keys: KeyvKeys;
  readonly clock: Clock;
}

/** What was found at a key. `dead`: written under a generation that is over. */
type Found =
  | { readonly state: 'absent' | 'damaged' }
  | {
      readonly state: 'live' | 'dead';
      readonly record: KeyvRecord;
      /** Length of the stored text, in characters. */
      readonly length: number;
      /** Current generation of its namespace. */
      readonly generation: Generation | undefined;
    };

/** Most dead entries that one listing removes. */
const SWEEP_LIMIT = 1000;

/** Namespaces, tags and the order of writes, on a store that knows only keys and values. */
export class KeyvTable {
  readonly #backend: KeyvBackend;
  readonly #queue: KeyQueue;
  readonly #keys: KeyvKeys;
  readonly #clock: Clock;
  readonly #stamps: Stamps;
  readonly #generations: Generations;
  readonly #counts: KeyvCounts = new KeyvCounts();
  /** Entries up to this stamp were there before and were never counted. */
  readonly #begunAt: number;
  #corrupt = 0;

  constructor({ backend, queue, keys, clock }: KeyvTableParts) {
    this.#backend = backend;
    this.#queue = queue;
    this.#keys = keys;
    this.#clock = clock;
    this.#stamps = new Stamps(clock);
    this.#generations = new Generations(backend, queue, this.#stamps);
    this.#begunAt = this.#stamps.current();
  }

  async get(namespace: string, key: string): Promise<StoreEntry<Uint8Array> | 'damaged' | undefined> {
    await this.#queue.settled(this.#keys.entry(namespace, key));
    const found = await this.#find(namespace, key);
    if (found.state === 'live') return found.record.entry;
    if (found.state === 'absent') return undefined;
    await this.#removeDead(namespace, key);
    if (found.state !== 'damaged') return undefined;
    this.#corrupt += 1;
    return 'damaged';
  }

  /** Queued within this call, so that later calls come after it. */
  set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    since: number | undefined,
  ): Promise<boolean> {
    const stamp = this.#stamps.next();
    const before = since ?? stamp;
    const physical = this.#keys.entry(namespace, key);
    return this.#queue.add(physical, async () => {
      const homes = [undefined, ...entry.tags].map((tag) => this.#keys.generation(namespace, tag));
      const tell = this.#generations.look(homes);
      const [text, ...texts] = await this.#backend.read([physical, ...homes]);
      const old = this.#decode(namespace, key, text);
      if (since !== undefined && old !== undefined && old.sequence > since) return false;
      const generations = await this.#ensureAll(homes, tell(texts));
      if (generations.some(({ clearedAt }) => clearedAt > before) || entry.retainUntil <= this.#clock.now()) {
        if (text !== undefined) await this.#backend.remove(physical);
        this.#uncount(old, text?.length, generations[0]);
        return false;
      }
      if (old !== undefined) this.#stamps.observe(old.sequence);
      const sequence = old === undefined ? stamp : Math.max(stamp, old.sequence + 1);
      const [generation = '', ...tagGenerations] = generations.map(({ id }) => id);
      const record = encodeKeyvRecord({ namespace, key, sequence, generation, tagGenerations, entry });
      await this.#backend.write(physical, record, entry.retainUntil);
      this.#uncount(old, text?.length, generations[0]);
      this.#counts.add(namespace, record.length);
      return true;
    });
  }

  delete(namespace: string, key: string): Promise<boolean> {
    const physical = this.#keys.entry(namespace, key);
    return this.#queue.add(physical, async () => {
      const found = await this.#find(namespace, key);
      if (found.state !== 'absent') await this.#remove(physical, found);
      return found.state === 'live';
    });
  }

  async clear(namespace: string, tag: string | undefined): Promise<void> {
    const done = this.#generations.begin(this.#keys.generation(namespace, tag));
    if (tag === undefined) this.#counts.clear(namespace);
    await done;
  }

  sequence(): number {
    return this.#stamps.current();
  }

  /** Reads everything in the Keyv store, and removes some of the namespace's dead entries. */
  async *summaries(namespace: string): AsyncGenerator<StoreSummary, void> {
    const known = new Map<string, Promise<Generation | undefined>>();
    const recall = (tag: string | undefined): Promise<Generation | undefined> => {
      const home = this.#keys.generation(namespace, tag);
      const found = known.get(home) ?? this.#generations.read([home]).then(([generation]) => generation);
      known.set(home, found);
      return found;
    };
    const dead: string[] = [];
    for await (const [physical, text] of this.#backend.pairs()) {
      const record = decodeKeyvRecord(text);
      if (record?.namespace !== namespace) continue;
      // Keyv itself and its stores may prepend a namespace to the key. With another prefix, the entry belongs to another cache.
      if (!physical.endsWith(this.#keys.entry(namespace, record.key))) continue;
      const generations = await Promise.all([undefined, ...record.entry.tags].map(recall));
      if (isLive(record, generations)) yield summarize(record);
      else if (dead.length < SWEEP_LIMIT) dead.push(record.key);
    }
    for (const key of dead) await this.#removeDead(namespace, key);
  }

  stats(): { readonly entries: number; readonly bytes: number; readonly corrupt: number } {
    return { ...this.#counts.total(), corrupt: this.#corrupt };
  }

  async #find(namespace: string, key: string): Promise<Found> {
    const physical = this.#keys.entry(namespace, key);
    const home = this.#keys.generation(namespace, undefined);
    const tell = this.#generations.look([home]);
    const [text, homeText] = await this.#backend.read([physical, home]);
    if (text === undefined) return { state: 'absent' };
    const record = this.#decode(namespace, key, text);
    if (record === undefined) return { state: 'damaged' };
    const tagHomes = record.entry.tags.map((tag) => this.#keys.generation(namespace, tag));
    const ofTags = await this.#generations.read(tagHomes);
    const [generation] = tell([homeText]);
    const state = isLive(record, [generation, ...ofTags]) ? 'live' : 'dead';
    return { state, record, length: text.length, generation };
  }

  #decode(namespace: string, key: string, text: string | undefined): KeyvRecord | undefined {
    const record = text === undefined ? undefined : decodeKeyvRecord(text);
    return record?.namespace === namespace && record.key === key ? record : undefined;
  }

  #ensureAll(homes: readonly string[], found: readonly (Generation | undefined)[]): Promise<Generation[]> {
    const ensure = async (home: string, index: number): Promise<Generation> =>
      found[index] ?? this.#generations.ensure(home);
    return Promise.all(homes.map(ensure));
  }

  /** Removes a dead or damaged entry. Looks again first, since a new entry may have been written meanwhile. */
  async #removeDead(namespace: string, key: string): Promise<void> {
    const physical = this.#keys.entry(namespace, key);
    await this.#queue.add(physical, async () => {
      const found = await this.#find(namespace, key);
      if (found.state === 'damaged' || found.state === 'dead') await this.#remove(physical, found);
    });
  }

  async #remove(physical: string, found: Found): Promise<void> {
    await this.#backend.remove(physical);
    if ('record' in found) this.#uncount(found.record, found.length, found.generation);
  }

  /** Entries cleared with their namespace are no longer counted; entries cleared by tag still are. */
  #uncount(old: KeyvRecord | undefined, length = 0, generation?: Generation): void {
    if (old === undefined || old.sequence <= this.#begunAt || old.generation !== generation?.id) return;
    this.#counts.remove(old.namespace, length);
  }
}

/** `generations`: of the namespace, then of each tag. */
function isLive(record: KeyvRecord, generations: readonly (Generation | undefined)[]): boolean {
  const ids = [record.generation, ...record.tagGenerations];
  return ids.length === generations.length && ids.every((id, index) => id === generations[index]?.id);
}
