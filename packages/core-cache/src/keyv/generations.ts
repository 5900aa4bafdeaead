import { randomUUID } from 'node:crypto';
import type { KeyQueue } from './key-queue.js';
import type { KeyvBackend } from './keyv-backend.js';
import type { Stamps } from './stamps.js';

/** What a namespace or a tag is at. Entries bear the id they were written under; a clear makes a new one, and they are dead. */
export interface Generation {
  readonly id: string;
  /** Stamp of the clear that began it; 0 when none did. */
  readonly clearedAt: number;
}

/**
 * Clears in constant time, in a store that cannot clear by namespace or tag: one small entry for each of them. A generation that
 * the store loses takes its entries with it; it never brings cleared ones back.
 */
export class Generations {
  readonly #backend: KeyvBackend;
  readonly #queue: KeyQueue;
  readonly #stamps: Stamps;
  /** Clears under way hold at once for those who made them. */
  readonly #pending: Map<string, Generation> = new Map();
  readonly #ensuring: Map<string, Promise<Generation>> = new Map();

  constructor(backend: KeyvBackend, queue: KeyQueue, stamps: Stamps) {
    this.#backend = backend;
    this.#queue = queue;
    this.#stamps = stamps;
  }

  /**
   * To be called before the keys are read; what it returns tells the generations from the texts. While the read is under way a
   * clear may end, and the text still be the one from before it. Undefined where there is no generation, or a damaged one.
   */
  look(keys: readonly string[]): (texts: readonly (string | undefined)[]) => (Generation | undefined)[] {
    const before = keys.map((key) => this.#pending.get(key));
    return (texts) =>
      keys.map((key, index) => {
        const found = latest([this.#pending.get(key), before[index], decode(texts[index])]);
        // The clock of whoever cleared may be ahead of ours: what we write from now on is later all the same.
        if (found !== undefined) this.#stamps.observe(found.clearedAt);
        return found;
      });
  }

  async read(keys: readonly string[]): Promise<(Generation | undefined)[]> {
    if (keys.length === 0) return [];
    const tell = this.look(keys);
    return tell(await this.#backend.read(keys));
  }

  /** The generation, begun if there is none. Those who ask at the same time share one look. */
  ensure(key: string): Promise<Generation> {
    const ensuring = this.#ensuring.get(key) ?? this.#queue.add(key, () => this.#ensure(key));
    this.#ensuring.set(key, ensuring);
    return ensuring;
  }

  /** A new one, which ends the life of what was written under the one before. */
  async begin(key: string): Promise<void> {
    const begun = { id: randomUUID(), clearedAt: this.#stamps.next() };
    this.#pending.set(key, begun);
    try {
      await this.#queue.add(key, () => this.#write(key, begun));
    } finally {
      if (this.#pending.get(key) === begun) this.#pending.delete(key);
    }
  }

  async #ensure(key: string): Promise<Generation> {
    try {
      const [found] = await this.read([key]);
      if (found !== undefined) return found;
      const begun = { id: randomUUID(), clearedAt: 0 };
      await this.#write(key, begun);
      // A clear that was asked for meanwhile comes right after, and counts already.
      return this.#pending.get(key) ?? begun;
    } finally {
      this.#ensuring.delete(key);
    }
  }

  async #write(key: string, { id, clearedAt }: Generation): Promise<void> {
    await this.#backend.write(key, `${id} ${clearedAt}`, Number.POSITIVE_INFINITY);
  }
}

function decode(text: string | undefined): Generation | undefined {
  const match = /^([0-9a-f-]{36}) (\d+)$/.exec(text ?? '');
  const [, id, clearedAt] = match ?? [];
  return id === undefined || clearedAt === undefined ? undefined : { id, clearedAt: Number(clearedAt) };
}

function latest(generations: readonly (Generation | undefined)[]): Generation | undefined {
  let found: Generation | undefined;
  for (const generation of generations) {
    if (generation !== undefined && generation.clearedAt > (found?.clearedAt ?? -1)) found = generation;
  }
  return found;
}
