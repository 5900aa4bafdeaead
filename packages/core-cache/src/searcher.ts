import type { CacheCore } from './cache-core.js';
import type { MissReason } from './cache-types.js';
import { sizeOf } from './codec.js';
import { type Freshness, freshness } from './freshness.js';
import type { MemoryNode } from './memory/memory-node.js';
import type { Awaitable, StoreEntry } from './store.js';
import type { Tier, TierAnswer } from './tier.js';

export type SearchResult<V> =
  | {
      readonly status: 'hit' | 'stale';
      readonly entry: StoreEntry<unknown>;
      readonly value: V;
      readonly tier: string;
    }
  | { readonly status: 'miss'; readonly reason: MissReason };

/** Why tiers are asked: for a caller's lookup, to wait for what another process may write, or to inspect what is there. */
type Purpose = 'lookup' | 'wait' | 'inspection';

interface Asked {
  /** The sequence of memory before the question. */
  readonly since: number;
  readonly answer: Awaitable<TierAnswer>;
}

const RANK: Readonly<Record<MissReason, number>> = { absent: 0, expired: 1, corrupt: 2, unavailable: 3 };

/** A stale value is better than none, and the first one found is the likeliest to be the newest. */
function graver<V>(known: SearchResult<V>, next: SearchResult<V>): SearchResult<V> {
  if (known.status !== 'miss') return known;
  return next.status !== 'miss' || RANK[next.reason] > RANK[known.reason] ? next : known;
}

/** Searches the tiers, fastest first, and copies what it finds into the faster ones. */
export class Searcher<V> {
  readonly #core: CacheCore<V>;
  readonly #namespace: string;

  constructor(core: CacheCore<V>, namespace: string) {
    this.#core = core;
    this.#namespace = namespace;
  }

  /** The first fresh entry; else the first stale one; else the gravest reason for a miss. Never rejects. */
  search(key: string): Awaitable<SearchResult<V>> {
    const inMemory = this.searchMemory(key);
    if (inMemory.status === 'hit' || this.#core.tiers.length === 0) return inMemory;
    return this.#searchBelow(key, inMemory, 'lookup');
  }

  /** Searches for what another process may have written meanwhile. Not counted as a lookup. */
  searchAgain(key: string): Awaitable<SearchResult<V>> {
    return this.#searchBelow(key, { status: 'miss', reason: 'absent' }, 'wait');
  }

  /** What `search` would find, without counting it, copying it up or prolonging its life. */
  inspect(key: string): Awaitable<SearchResult<V>> {
    const inMemory = this.#inspectMemory(key);
    if (inMemory.status === 'hit' || this.#core.tiers.length === 0) return inMemory;
    return this.#searchBelow(key, inMemory, 'inspection');
  }

  searchMemory(key: string): SearchResult<V> {
    const { memory, options } = this.#core;
    if (memory === undefined) return { status: 'miss', reason: 'absent' };
    const now = options.clock.now();
    if (this.#core.needsLook(now)) this.#core.lookForChanges(now);
    const node = memory.find(memory.space(this.#namespace), key);
    const state = node === undefined ? 'absent' : freshness(node, now);
    if (state === 'fresh') this.#core.memoryHits += 1;
    else this.#core.memoryMisses += 1;
    if (node === undefined) memory.countMiss(this.#namespace, key);
    if (state === 'expired') memory.delete(this.#namespace, key);
    return resultOf(node, state, memory.name);
  }

  #inspectMemory(key: string): SearchResult<V> {
    const { memory, options } = this.#core;
    if (memory === undefined) return { status: 'miss', reason: 'absent' };
    const now = options.clock.now();
    if (this.#core.needsLook(now)) this.#core.lookForChanges(now);
    const node = memory.look(memory.space(this.#namespace), key);
    return resultOf(node, node === undefined ? 'absent' : freshness(node, now), memory.name);
  }

  /** Synchronous if the only tier below memory answers synchronously, as a disk does. */
  #searchBelow(key: string, inMemory: SearchResult<V>, purpose: Purpose): Awaitable<SearchResult<V>> {
    const { tiers, doubts } = this.#core;
    const [first] = tiers;
    if (first === undefined) return inMemory;
    const asked = this.#ask(first, key, purpose);
    const { answer, since } = asked;
    if (tiers.length > 1 || doubts !== undefined || answer instanceof Promise)
      return this.#searchAll(key, inMemory, purpose, asked);
    const result = this.#judge(answer, first.name);
    if (result.status === 'hit' && purpose !== 'inspection') this.#promote(key, result, since);
    return graver(inMemory, result);
  }

  /** `first`: the answer of the first tier, which has been asked already. */
  async #searchAll(
    key: string,
    inMemory: SearchResult<V>,
    purpose: Purpose,
    first: Asked,
  ): Promise<SearchResult<V>> {
    let best = inMemory;
    const sequences: (number | undefined)[] = [];
    for (const [index, tier] of this.#core.tiers.entries()) {
      const { since, answer: answered } = index === 0 ? first : this.#ask(tier, key, purpose);
      let answer = answered instanceof Promise ? await answered : answered;
      const { doubts } = this.#core;
      if (doubts !== undefined && typeof answer !== 'string') {
        if (!(await doubts.isSound(tier, this.#namespace, key, answer))) answer = 'absent';
      }
      const result = this.#judge(answer, tier.name);
      if (result.status === 'hit') {
        if (purpose === 'inspection') return result;
        this.#promote(key, result, since);
        if (typeof answer !== 'string') this.#copyUp(key, answer, sequences);
        return result;
      }
      if (purpose !== 'inspection' && index < this.#core.tiers.length - 1)
        sequences.push(await tier.sequence());
      best = graver(best, result);
    }
    return best;
  }

  #ask(tier: Tier, key: string, purpose: Purpose): Asked {
    const since = this.#core.memory?.sequence() ?? 0;
    return { since, answer: tier.get(this.#namespace, key, purpose === 'lookup') };
  }

  #judge(answer: TierAnswer, tier: string): SearchResult<V> {
    if (typeof answer === 'string') return { status: 'miss', reason: answer };
    const { codec, clock } = this.#core.options;
    const state = freshness(answer, clock.now());
    if (state === 'expired') return { status: 'miss', reason: 'expired' };
    if (answer.codec !== codec.name) return { status: 'miss', reason: 'corrupt' };
    try {
      const value = answer.negative ? (undefined as V) : codec.decode(answer.payload);
      return { status: state === 'fresh' ? 'hit' : 'stale', entry: answer, value, tier };
    } catch {
      // The bytes are intact, but were not written by this codec.
      return { status: 'miss', reason: 'corrupt' };
    }
  }

  #promote(key: string, found: SearchResult<V> & { status: 'hit' | 'stale' }, since: number): void {
    const { memory } = this.#core;
    if (memory === undefined) return;
    const space = memory.space(this.#namespace);
    // Whatever was deleted while the tier was being asked may have been this key.
    if (space.deletedAt > since) return;
    const size = found.entry.negative ? 0 : this.#sizeOf(found.value);
    if (size !== undefined) memory.put(space, key, { ...found.entry, payload: found.value, size }, since);
  }

  /** Undefined if the codec cannot tell: the value stays where it is. */
  #sizeOf(value: V): number | undefined {
    try {
      return sizeOf(this.#core.options.codec, value);
    } catch {
      return undefined;
    }
  }

  /** Copies into the tiers that were asked before, unless they have received something newer meanwhile. */
  #copyUp(key: string, entry: StoreEntry<Uint8Array>, sequences: readonly (number | undefined)[]): void {
    for (const [index, since] of sequences.entries()) {
      const tier = this.#core.tiers[index];
      if (tier === undefined || since === undefined) continue;
      this.#core.runInBackground(tier.set(this.#namespace, key, entry, { since }));
    }
  }
}

function resultOf<V>(
  node: MemoryNode<V> | undefined,
  state: Freshness | 'absent',
  tier: string,
): SearchResult<V> {
  if (node === undefined || state === 'absent') return { status: 'miss', reason: 'absent' };
  if (state === 'expired') return { status: 'miss', reason: 'expired' };
  return { status: state === 'fresh' ? 'hit' : 'stale', entry: node, value: node.payload, tier };
}
