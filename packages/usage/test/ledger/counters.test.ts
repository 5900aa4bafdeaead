import { expect, it } from 'vitest';
import { addCounters, counterNames, emptyCounters } from '../../src/ledger/counters.js';

it('each counter is added, and each bucket', () => {
  const into = emptyCounters();
  const from = emptyCounters();
  for (const [index, name] of counterNames.entries()) {
    into.sums[name] = 100;
    from.sums[name] = index + 1;
  }
  from.latency.set(7, 2);
  from.firstByte.set(9, 3);
  addCounters(into, from);
  addCounters(into, from);
  expect(Object.values(into.sums)).toEqual(counterNames.map((_, index) => 100 + 2 * (index + 1)));
  expect([into.latency, into.firstByte]).toEqual([new Map([[7, 4]]), new Map([[9, 6]])]);
});
