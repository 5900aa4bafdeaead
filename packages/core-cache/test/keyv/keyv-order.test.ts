import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoreEntry } from '../../src/index.js';
import { createKeyvStore } from '../../src/keyv/index.js';

type Step =
  | { readonly kind: 'set'; readonly key: string; readonly tags: readonly string[] }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'clear'; readonly tag: string | undefined };

const keys = ['k', 'l', 'm'];
const key = fc.constantFrom(...keys);
const tag = fc.constantFrom('t', 'u');

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, tags: fc.uniqueArray(tag) }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('clear' as const), tag: fc.option(tag, { nil: undefined }) }),
);

/** A store that answers after as many turns as the list says, so that answers overtake each other. */
class SlowMap {
  readonly #map: Map<string, string> = new Map();
  readonly #turns: readonly number[];
  #calls = 0;

  constructor(turns: readonly number[]) {
    this.#turns = turns;
  }

  async get(name: string): Promise<string | undefined> {
    await this.#wait();
    return this.#map.get(name);
  }

  async set(name: string, text: string): Promise<void> {
    await this.#wait();
    this.#map.set(name, text);
    await this.#wait();
  }

  async delete(name: string): Promise<boolean> {
    await this.#wait();
    return this.#map.delete(name);
  }

  async #wait(): Promise<void> {
    const turns = this.#turns[this.#calls % this.#turns.length] ?? 0;
    this.#calls += 1;
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  }
}

const entry = (text: string, tags: readonly string[]): StoreEntry<Uint8Array> => ({
  payload: Buffer.from(text),
  codec: 'test',
  size: text.length,
  createdAt: 1,
  expiresAt: Number.POSITIVE_INFINITY,
  retainUntil: Number.POSITIVE_INFINITY,
  negative: false,
  tags,
});

it('ends as the calls were made, however slow the answers, without one being awaited', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.array(fc.nat(12), { minLength: 1, maxLength: 30 }),
      async (steps, turns) => {
        const store = createKeyvStore(new SlowMap(turns), { timeoutMs: 60_000 });
        const model = new Map<string, { readonly text: string; readonly tags: readonly string[] }>();
        const done = steps.map(async (now, index) => {
          const text = `value ${index}`;
          if (now.kind === 'set') {
            model.set(now.key, { text, tags: now.tags });
            return store.set('a', now.key, entry(text, now.tags));
          }
          if (now.kind === 'delete') {
            model.delete(now.key);
            return store.delete('a', now.key);
          }
          for (const [name, { tags }] of model) {
            if (now.tag === undefined || tags.includes(now.tag)) model.delete(name);
          }
          return store.clear('a', now.tag);
        });
        await Promise.all(done);
        for (const name of keys) {
          const found = await store.get('a', name);
          expect(found && Buffer.from(found.payload).toString()).toBe(model.get(name)?.text);
        }
        await store.close();
      },
    ),
    { numRuns: 1000 },
  );
});
