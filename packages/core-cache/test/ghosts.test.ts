import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ghosts } from '../src/ghosts.js';
import { keyHash } from '../src/key-hash.js';

const few = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.oneof(
  fc.record({ add: few }),
  fc.record({ take: few, namespace: fc.constantFrom('n', 'other') }),
);
const hashOf = (key: string, namespace = 'n') => keyHash(namespace, key);

describe('Ghosts', () => {
  it('remember like a list from which the oldest falls', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (steps, most) => {
        const ghosts = new Ghosts();
        // What was taken leaves a gap: those before it fall no later.
        let model: string[] = [];
        for (const one of steps) {
          if ('add' in one) {
            ghosts.add(hashOf(one.add), most);
            model = [...model.map((key) => (key === one.add ? '' : key)), one.add].slice(-most);
          } else {
            const isKnown = one.namespace === 'n' && model.includes(one.take);
            expect(ghosts.take(hashOf(one.take, one.namespace), most)).toBe(isKnown);
            if (isKnown) model = model.map((key) => (key === one.take ? '' : key));
          }
        }
        for (const key of ['a', 'b', 'c', 'd', 'e'])
          expect(ghosts.take(hashOf(key), most)).toBe(model.includes(key));
      }),
    );
  });

  it('remember nearly all of the last ones and none before them, in a table that grows with what is to be remembered', () => {
    const ghosts = new Ghosts();
    const added = 200_000;
    let most = 1;
    for (let index = 0; index < added; index++) {
      most = Math.max(1, Math.floor(index / 4));
      ghosts.add(hashOf(`key ${index}`), most);
    }
    const known = (from: number, to: number, name: string) =>
      Array.from({ length: to - from }, (_, at) => ghosts.take(hashOf(`${name} ${from + at}`), most)).filter(
        Boolean,
      ).length;
    expect(known(0, added - most, 'key')).toBe(0);
    expect(known(added - most, added, 'key')).toBeGreaterThan(0.96 * most);
    expect(known(0, 50_000, 'never')).toBeLessThan(10);
  });
});
