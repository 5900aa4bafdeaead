import type { CallRecord } from '@ai-toolkit/ai-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type Ledger } from '../../src/index.js';
import { numbers } from '../numbers.js';
import { sampleCall } from '../sample-call.js';

const start = Date.UTC(2026, 10, 22, 21, 30);
/** More than two slices of rows. */
const count = 20_000;

/** In an order that is not that of their starts, and with ids in no order at all. */
function manyCalls(): CallRecord[] {
  const below = numbers(5);
  return Array.from({ length: count }, (_, index) =>
    sampleCall({
      requestId: `${below(65_536).toString(16).padStart(4, '0')}-${index}`,
      startedAt: start + below(3_600_000),
    }),
  );
}

function newestOf(calls: readonly CallRecord[], prefix: string): string[] {
  return calls
    .filter(({ requestId }) => requestId.startsWith(prefix))
    .sort((a, b) => b.startedAt - a.startedAt || (a.requestId < b.requestId ? 1 : -1))
    .map(({ requestId }) => requestId);
}

describe('ids among rows of several slices', () => {
  const calls = manyCalls();
  let ledger: Ledger;
  const now = start + 3_600_000;
  beforeAll(async () => {
    ledger = createLedger({ path: ':memory:', clock: () => now, maxBuffered: count });
    for (const call of calls) ledger.record(call);
    await ledger.flush();
  });
  afterAll(() => ledger.close());

  it.each(['a', '7f', '00c', 'beef', 'zz'])(
    'are found by their beginning %s, newest first',
    async (prefix) => {
      for (const limit of [1, 20, 1000]) {
        const found = await ledger.calls({ requestIdPrefix: prefix, limit });
        expect(found.map(({ requestId }) => requestId)).toEqual(newestOf(calls, prefix).slice(0, limit));
      }
    },
  );

  it('are found whole, the newest of the same id', async () => {
    for (const call of [calls[0], calls[8192], calls[count - 1]])
      expect(await ledger.call(call?.requestId ?? '')).toMatchObject({ ...call });
    const again = sampleCall({ requestId: calls[3]?.requestId ?? '', startedAt: start + 3_600_000 });
    ledger.record(again);
    await ledger.flush();
    expect(await ledger.call(again.requestId)).toMatchObject({ ...again });
  });

  it('are found when older rows are gone, a whole slice of them among these', async () => {
    const maxCalls = 10_000;
    await using bounded = createLedger({ path: ':memory:', clock: () => now, maxBuffered: count, maxCalls });
    for (const call of calls) bounded.record(call);
    // Each prunes a part of them.
    for (let flushes = 0; flushes < 6; flushes += 1) await bounded.flush();
    const found = await bounded.calls({ requestIdPrefix: '7f' });
    const kept = calls.slice(-maxCalls);
    expect(found.map(({ requestId }) => requestId)).toEqual(newestOf(kept, '7f'));
    expect(await bounded.call(calls[0]?.requestId ?? '')).toBeUndefined();
    expect(await bounded.call(kept[0]?.requestId ?? '')).toMatchObject({ ...kept[0] });
  });
});
