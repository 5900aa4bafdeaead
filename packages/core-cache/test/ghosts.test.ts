import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ghosts } from '../src/ghosts.js';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.oneof(
  fc.record({ add: key, most: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ take: key, namespace: fc.constantFrom('', 'other') }),
);

describe('Ghosts', () => {
  it('remembers like a list from which the oldest falls', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ghosts = new Ghosts();
        let model: string[] = [];
        for (const one of steps) {
          if ('add' in one) {
            ghosts.add(one.add);
            ghosts.trim(one.most);
            model = [...model.filter((known) => known !== one.add), one.add];
            model = model.slice(Math.max(0, model.length - one.most));
          } else {
            const known = one.namespace === '' && model.includes(one.take);
            expect(ghosts.take(one.take, one.namespace)).toBe(known);
            if (known) model = model.filter((other) => other !== one.take);
          }
        }
        for (const left of ['a', 'b', 'c', 'd', 'e']) expect(ghosts.take(left)).toBe(model.includes(left));
      }),
    );
  });
});
