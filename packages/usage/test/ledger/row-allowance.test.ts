import { describe, expect, it } from 'vitest';
import { createLedger } from '../../src/ledger/ledger.js';
import { sampleCall } from '../sample-call.js';

const start = Date.UTC(2026, 10, 22, 21, 30);

describe('rows of hits', () => {
  it('are bounded a second, while every call is in the sums and every other call has its row', async () => {
    let now = start;
    await using ledger = createLedger({ path: ':memory:', hitRowsPerSecond: 5, clock: () => now });
    const hit = { cache: 'hit', attempts: 0 } as const;
    for (let at = 0; at < 100; at++) ledger.record(sampleCall({ ...hit, startedAt: start + 1000 }));
    for (const other of [
      { cache: 'miss' },
      { ...hit, status: 'error' },
      { ...hit, status: 'aborted' },
    ] as const)
      for (let at = 0; at < 3; at++) ledger.record(sampleCall({ ...other, startedAt: start + 2000 }));
    await ledger.flush();
    const { totals } = await ledger.report();
    expect(totals.calls).toBe(109);
    expect(totals.outcomes).toMatchObject({ hit: 106, miss: 3 });
    expect(await ledger.calls({ limit: 1000, cache: 'hit', status: 'ok' })).toHaveLength(50);
    expect(await ledger.calls({ limit: 1000, cache: 'miss' })).toHaveLength(3);
    expect(await ledger.calls({ limit: 1000, status: 'error' })).toHaveLength(3);
    expect(await ledger.calls({ limit: 1000, status: 'aborted' })).toHaveLength(3);
    expect(ledger.status()).toMatchObject({ written: 109, summed: 50, dropped: 0 });

    now += 2000;
    for (let at = 0; at < 20; at++) ledger.record(sampleCall({ ...hit, startedAt: now }));
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ written: 129, summed: 60 });
  });

  it('count as a whole minute where a report begins within one that has fewer rows than calls', async () => {
    await using ledger = createLedger({ path: ':memory:', hitRowsPerSecond: 1, clock: () => start + 90_000 });
    for (let at = 0; at < 30; at++) ledger.record(sampleCall({ cache: 'hit', startedAt: start + at * 1000 }));
    for (let at = 0; at < 3; at++)
      ledger.record(sampleCall({ cache: 'miss', startedAt: start + 60_000 + at * 10_000 }));
    expect((await ledger.report({ since: start + 15_000 })).totals.calls).toBe(33);
    expect((await ledger.report({ since: start + 75_000 })).totals.calls).toBe(1);
  });
});
