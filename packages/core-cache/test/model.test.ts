import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheOptions, createCache } from '../src/index.js';
import { drivers } from './support/driver.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const TTL_MS = 100;

type Step =
  | { do: 'set'; key: string; value: number; tag: string; ttlMs: number }
  | { do: 'get' | 'delete' | 'load'; key: string }
  | { do: 'clear'; tag: string | undefined }
  | { do: 'wait'; ms: number };

const key = fc.constantFrom('a', 'b', 'c', '');
const tag = fc.constantFrom('t', 'u');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('set' as const),
    key,
    value: fc.nat(),
    tag,
    ttlMs: fc.constantFrom(0, TTL_MS, Number.POSITIVE_INFINITY),
  }),
  fc.record({ do: fc.constantFrom('get' as const, 'delete' as const, 'load' as const), key }),
  fc.record({ do: fc.constant('clear' as const), tag: fc.option(tag, { nil: undefined }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, TTL_MS - 1, TTL_MS) }),
);

/** What a cache is, without tiers: a map with lifetimes and tags. */
class Model {
  readonly #entries: Map<string, { value: number; tag: string; expiresAt: number }> = new Map();

  get(name: string, now: number): number | undefined {
    const entry = this.#entries.get(name);
    return entry !== undefined && now < entry.expiresAt ? entry.value : undefined;
  }

  set(name: string, value: number, about: string, expiresAt: number): void {
    this.#entries.set(name, { value, tag: about, expiresAt });
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  clear(about: string | undefined): void {
    for (const [name, entry] of this.#entries) {
      if (about === undefined || entry.tag === about) this.#entries.delete(name);
    }
  }
}

async function follow(steps: readonly Step[], options: CacheOptions<number>): Promise<void> {
  const clock = new FakeClock();
  await using cache = createCache<number>({ ...options, clock });
  const model = new Model();
  let loaded = 1_000_000;
  for (const one of steps) {
    switch (one.do) {
      case 'set':
        model.set(one.key, one.value, one.tag, clock.now() + one.ttlMs);
        await cache.set(one.key, one.value, { ttlMs: one.ttlMs, tags: [one.tag] });
        break;
      case 'get':
        expect(await cache.get(one.key)).toBe(model.get(one.key, clock.now()));
        break;
      case 'load': {
        loaded += 1;
        const expected = model.get(one.key, clock.now()) ?? loaded;
        if (expected === loaded) model.set(one.key, loaded, 't', clock.now() + TTL_MS);
        const value = await cache.getOrSet(one.key, () => loaded, { ttlMs: TTL_MS, tags: ['t'] });
        expect(value).toBe(expected);
        break;
      }
      case 'delete':
        model.delete(one.key);
        await cache.delete(one.key);
        break;
      case 'clear':
        model.clear(one.tag);
        await cache.clear(one.tag === undefined ? {} : { tag: one.tag });
        break;
      case 'wait':
        clock.advance(one.ms);
        break;
    }
  }
}

describe('whatever is done to it, a cache answers as a map with lifetimes and tags would', () => {
  it('in memory', async () => {
    const steps = fc.array(step, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, (list) => follow(list, {})),
      { numRuns: 200 },
    );
  });

  it.each(drivers)(
    'on disk (%s)',
    async (driver) => {
      const path = await temporaryDirectory();
      let run = 0;
      const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), (list, inMemory) => {
        run += 1;
        const memory = inMemory ? {} : { memory: false as const };
        // A namespace each: the file stays, and so does what earlier runs left in it.
        return follow(list, { ...memory, disk: { path, driver }, namespace: `run ${run}` });
      });
      await fc.assert(property, { numRuns: 40 });
    },
    60_000,
  );
});
