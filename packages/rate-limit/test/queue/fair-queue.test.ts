import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FairQueue } from '../../src/queue/fair-queue.js';
import type { Waiter } from '../../src/queue/waiter.js';

const waiters = fc.array(
  fc.record({
    tenant: fc.constantFrom('a', 'b', 'c'),
    priority: fc.integer({ min: -1, max: 2 }),
    enqueuedAt: fc.nat(20_000),
    tokens: fc.nat(1000),
  }),
  { maxLength: 30 },
);

it('tells beforehand in which order it would serve, and changes nothing by that', () => {
  const share = ({ inputTokens }: { readonly inputTokens: number }): number => inputTokens / 1000;
  fc.assert(
    fc.property(waiters, fc.nat(35), (drawn, count) => {
      const queue = new FairQueue(5000);
      for (const [sequence, { tokens, ...rest }] of drawn.entries()) {
        const waiter: Waiter = {
          ...rest,
          demand: { requests: 1, inputTokens: tokens, outputTokens: 0 },
          expiresAt: Number.POSITIVE_INFINITY,
          sequence,
          isTrial: false,
          queued: () => undefined,
          grant: () => undefined,
          refuse: () => undefined,
        };
        queue.push(waiter);
      }
      const now = 20_000;
      const first = queue.first(count, share, now);
      expect(queue.size).toBe(drawn.length);
      expect(queue.first(count, share, now)).toEqual(first);
      const served: Waiter[] = [];
      for (let head = queue.head(now); head !== undefined && served.length < count; head = queue.head(now)) {
        queue.serve(head, share(head.demand), now);
        served.push(head);
      }
      expect(first.map(({ sequence }) => sequence)).toEqual(served.map(({ sequence }) => sequence));
    }),
  );
});
