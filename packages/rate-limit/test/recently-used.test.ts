import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentlyUsed } from '../src/recently-used.js';

describe('RecentlyUsed', () => {
  it('forgets what was unused for longest', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')),
        (most, uses) => {
          const values = new RecentlyUsed<object>(most);
          const made = new Map<string, object>();
          let model: string[] = [];
          for (const key of uses) {
            const value = values.getOrMake(key, () => ({}));
            if (model.includes(key)) expect(value).toBe(made.get(key));
            else expect(value).not.toBe(made.get(key));
            made.set(key, value);
            model = [...model.filter((known) => known !== key), key].slice(-most);
            expect([...values.entries()].map(([known]) => known)).toEqual(model);
          }
        },
      ),
    );
  });
});
