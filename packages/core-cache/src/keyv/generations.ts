import { randomUUID } from 'node:crypto';
import type { KeyQueue } from './key-queue.js';
import type { KeyvBackend } from './keyv-backend.js';
import type { Stamps } from './stamps.js';

/**
 * The current generation of a namespace or a tag. Entries carry the id of the generation in which they were written; a clear starts a new
 * one, which makes them dead.
 */
export interface Generation {
  readonly id: string;
  /** Stamp of the clear that started it; 0 if no clear did. */
  readonly clearedAt: number;
}

/**
 * Constant-time clears on a store that cannot clear by namespace or tag: one small entry for each of them. If the store loses a generation,
 * the entries of that generation are lost too; cleared ones never come back.
 */
export class Generations {
  readonly #backend: KeyvBackend;
  readonly #queue: KeyQueue;
  readonly #stamps: Stamps;
  /** Clears in progress, which take effect at once in this process. */
  readonly #pending: Map<string, Generation> = new Map();
  readonly #ensuring: Map<string, Promise<Generation>> = new Map();

  constructor(backend: KeyvBackend, queue: KeyQueue, stamps: Stamps) {
    this.#backend = backend;
    this.#queue = queue;
    this.#stamps = stamps;
  }

  /**
   * Call before the keys are read; the returned function extracts the generations from the texts read. It considers clears pending before
   * and after the read, because a clear may finish during the read although the text read is still the old one. Undefined for a missing or
   * damaged generation.
   */
  look(keys: readonly string[]): (texts: readonly (string | undefined)[]) => (Generation | undefined)[] {
    const before = keys.map((key) => this.#pending.get(key));
    return (texts) =>
      keys.map((key, index) => {
        const found = latest([this.#pending.get(key), before[index], decode(texts[index])]);
        // The clock of the process that cleared may be ahead of ours; our next stamp must be later all the same.
        if (found !== undefined) this.#stamps.observe(found.clearedAt);
        return found;
      });
  }

  async read(keys: readonly string[]): Promise<(Generation | undefined)[]> {
    if (keys.length === 0) return [];
    const tell = this.look(keys);
    return tell(await this.#backend.read(keys));
  }

  /** The generation, started if there is none. Concurrent callers share one lookup. */
  ensure(key: string): Promise<Generation> {
    const ensuring = this.#ensuring.get(key) ?? this.#queue.add(key, () => this.#ensure(key));
    this.#ensuring.set(key, ensuring);
    return ensuring;
  }

  /** Starts a new generation; everything written under the one before is dead. */
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
      // A clear requested meanwhile is written right after this and counts already.
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
