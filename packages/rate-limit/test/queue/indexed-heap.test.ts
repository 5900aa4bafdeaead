import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexedHeap } from '../../src/queue/indexed-heap.js';

describe('IndexedHeap', () => {
  it('agrees with a sorted list under any pushes and removals', () => {
    const command = fc.oneof(
      fc.record({ push: fc.integer({ min: 0, max: 50 }) }),
      fc.record({ remove: fc.nat(30) }),
      fc.constant({ pop: true }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        const heap = new IndexedHeap<{ rank: number }>((a, b) => a.rank < b.rank);
        let model: { rank: number }[] = [];
        for (const step of commands) {
          if ('push' in step) {
            const item = { rank: step.push };
            heap.push(item);
            model.push(item);
          } else {
            const item = 'remove' in step ? model[step.remove] : heap.peek();
            if (item === undefined) continue;
            expect(heap.remove(item)).toBe(true);
            expect(heap.remove(item)).toBe(false);
            model = model.filter((other) => other !== item);
          }
          expect(heap.size).toBe(model.length);
          expect(heap.peek()?.rank).toBe(
            model.length === 0 ? undefined : Math.min(...model.map((item) => item.rank)),
          );
        }
        expect(new Set(heap.values())).toEqual(new Set(model));
      }),
    );
  });
});
