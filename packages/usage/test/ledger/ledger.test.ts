import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type LedgerCall, UsageError } from '../../src/index.js';
import { sampleCall } from '../sample-call.js';

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 22, 21, 30);
/** Rows are kept for a month, and sums per minute for a day, of this clock. */
const soonAfter = (): number => start + 3 * 3_600_000;

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-ledger-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function freshPath(): string {
  files += 1;
  return join(folder, `case-${files}`, 'usage.db');
}

describe('a ledger', () => {
  it('reports the three token ledgers, costs, hit rate and times', async () => {
    await using ledger = createLedger({ path: freshPath(), clock: () => start });
    ledger.record(sampleCall());
    ledger.record(sampleCall({ cache: 'hit', durationMs: 2, upstreamMs: 790 }));
    ledger.record(sampleCall({ cache: 'stale', durationMs: 2, upstreamMs: 790 }));
    ledger.record(sampleCall({ cache: 'coalesced', durationMs: 790, upstreamMs: 790 }));
    ledger.record(sampleCall({ cache: 'bypass', model: 'made-up' }));
    ledger.record(sampleCall({ cache: 'refresh', status: 'aborted' }));
    ledger.record(
      sampleCall({ status: 'error', httpStatus: 429, usage: { inputTokens: 0, outputTokens: 0 } }),
    );

    const { totals, groups, incomplete, until, since } = await ledger.report();
    expect({ groups, incomplete, until, since }).toEqual({
      groups: [],
      incomplete: null,
      until: start,
      since: null,
    });
    expect(totals).toMatchObject({
      calls: 7,
      outcomes: { hit: 1, stale: 1, semantic: 0, coalesced: 1, miss: 2, refresh: 1, bypass: 1 },
      hitRate: 0.4,
      errors: 1,
      aborted: 1,
      tokens: {
        billed: { input: 3_000_000, output: 3_000_000 },
        replayed: { input: 2_000_000, output: 2_000_000 },
        saved: { input: 3_000_000, output: 3_000_000 },
      },
      cost: { billedUsd: 1.5, savedUsd: 2.25, unpricedBilledCalls: 1, unpricedSavedCalls: 0 },
      timeSavedMs: 2 * 788,
    });
    expect(totals.latency.p95Ms).toBeGreaterThan(760);
    expect(totals.firstByte.p50Ms).toBeGreaterThan(285);
  });

  it('has no hit rate, no cost and no latency when there are no calls', async () => {
    await using ledger = createLedger({ path: ':memory:' });
    const { totals } = await ledger.report();
    expect(totals).toMatchObject({ calls: 0, hitRate: null, latency: { p50Ms: null, p95Ms: null } });
    expect(totals.cost).toMatchObject({ billedUsd: 0, unpricedBilledCalls: 0 });
  });

  it('calls a sum of nothing but unknown prices unknown', async () => {
    await using ledger = createLedger({ path: ':memory:' });
    ledger.record(sampleCall({ model: 'made-up' }));
    const { totals } = await ledger.report();
    expect(totals.cost).toEqual({
      billedUsd: null,
      savedUsd: 0,
      unpricedBilledCalls: 1,
      unpricedSavedCalls: 0,
    });
  });

  it('groups by whom and by when', async () => {
    await using ledger = createLedger({ path: freshPath(), clock: soonAfter });
    const labels = { project: 'tide-clock', stage: '2' };
    ledger.record(sampleCall({ startedAt: start, labels, tenant: 'blue' }));
    ledger.record(sampleCall({ startedAt: start + hour, model: 'gpt-4o' }));
    ledger.record(sampleCall({ startedAt: start + 3 * hour, provider: 'ollama', model: 'llama3' }));
    ledger.record(sampleCall({ startedAt: start + 3 * hour }));

    const names = async (by: Parameters<typeof ledger.report>[0] & object) =>
      (await ledger.report(by)).groups.map(({ name, calls }) => [name, calls]);
    expect(await names({ by: 'model' })).toEqual([
      ['gpt-4o-mini', 2],
      ['gpt-4o', 1],
      ['llama3', 1],
    ]);
    expect(await names({ by: 'provider' })).toEqual([
      ['openai', 3],
      ['ollama', 1],
    ]);
    expect(await names({ by: 'project' })).toEqual([
      [null, 3],
      ['tide-clock', 1],
    ]);
    expect(await names({ by: 'stage' })).toEqual([
      [null, 3],
      ['2', 1],
    ]);
    expect(await names({ by: 'tenant' })).toEqual([
      ['default', 3],
      ['blue', 1],
    ]);
    expect(await names({ by: 'day' })).toEqual([
      ['2026-11-22', 2],
      ['2026-11-23', 2],
    ]);
    expect(await names({ by: 'hour', since: start + hour })).toEqual([
      ['2026-11-22T22:00:00Z', 1],
      ['2026-11-23T00:00:00Z', 2],
    ]);
  });

  it('counts from the very millisecond of `since`, within an hour too', async () => {
    await using ledger = createLedger({ path: freshPath(), clock: soonAfter });
    for (const minute of [0, 10, 20, 40, 70])
      ledger.record(sampleCall({ startedAt: start + minute * 60_000 }));
    const callsSince = async (since: number) => (await ledger.report({ since })).totals.calls;
    expect(await callsSince(start)).toBe(5);
    expect(await callsSince(start + 10 * 60_000)).toBe(4);
    expect(await callsSince(start + 10 * 60_000 + 1)).toBe(3);
    expect(await callsSince(start + 30 * 60_000)).toBe(2);
    expect(await callsSince(start + 200 * 60_000)).toBe(0);
    const { latency, firstByte } = (await ledger.report({ since: start + 1 })).totals;
    expect(latency.p50Ms).toBeGreaterThan(760);
    expect(firstByte.p50Ms).toBeLessThan(315);
  });

  it('lists calls newest first as they were recorded, written or not', async () => {
    await using ledger = createLedger({ path: freshPath(), clock: soonAfter });
    const { key: _key, ...bare } = sampleCall({ startedAt: start + 1, cache: 'bypass', streamed: true });
    const first = sampleCall({
      startedAt: start,
      labels: { project: 'p', note: 'n' },
      errorCode: 'AI_TIMEOUT',
      status: 'error',
      usage: { inputTokens: 10, outputTokens: 2, cachedInputTokens: 4, reasoningTokens: 1 },
    });
    ledger.record(first);
    const fromBuffer = await ledger.calls();
    await ledger.flush();
    ledger.record(bare);

    const calls = await ledger.calls();
    expect(calls.map((call) => call.requestId)).toEqual([bare.requestId, first.requestId]);
    expect(calls[1]).toEqual(fromBuffer[0]);
    expect(calls[1]).toMatchObject(first);
    expect(calls[0]).toMatchObject(bare);
    expect(calls[0]).not.toHaveProperty('key');
  });

  it('pages and filters', async () => {
    await using ledger = createLedger({ path: freshPath(), clock: soonAfter });
    for (let index = 0; index < 25; index += 1) {
      // Several calls in one millisecond: a page must neither repeat nor skip one.
      ledger.record(
        sampleCall({ startedAt: start + Math.floor(index / 10), cache: index % 5 ? 'hit' : 'miss' }),
      );
      if (index === 12) await ledger.flush();
    }
    const seen: LedgerCall[] = [];
    for (;;) {
      const before = seen.at(-1);
      const page = await ledger.calls({ limit: 10, ...(before === undefined ? {} : { before }) });
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(new Set(seen.map((call) => call.requestId)).size).toBe(25);
    expect(seen).toHaveLength(25);
    expect(await ledger.calls({ cache: 'miss' })).toHaveLength(5);
    expect(await ledger.calls({ cache: 'hit', limit: 7 })).toHaveLength(7);
    expect(await ledger.calls({ status: 'error' })).toHaveLength(0);
    expect(await ledger.calls({ model: 'gpt-4o-mini', provider: 'openai', tenant: 'default' })).toHaveLength(
      25,
    );
  });

  it('tells listeners of each call, and drops one that throws', async () => {
    await using ledger = createLedger({ path: ':memory:' });
    const heard: string[] = [];
    let failures = 0;
    ledger.subscribe(() => {
      failures += 1;
      throw new Error('listener');
    });
    const heardTwo = new Promise<void>((resolve) => {
      const stop = ledger.subscribe((call) => {
        heard.push(`${call.cache} ${call.billedUsd}`);
        if (heard.length === 2) {
          stop();
          resolve();
        }
      });
    });
    ledger.record(sampleCall());
    expect(heard).toEqual([]);
    ledger.record(sampleCall({ cache: 'hit' }));
    ledger.record(sampleCall());
    await heardTwo;
    expect(heard).toEqual(['miss 0.75', 'hit 0']);
    expect(failures).toBe(1);
  });

  it('keeps what was written, for the next process', async () => {
    const path = freshPath();
    const first = createLedger({ path });
    first.record(sampleCall());
    await first.close();
    await first.close();
    expect(first.status()).toMatchObject({ state: 'closed', written: 1, dropped: 0 });

    await using second = createLedger({ path });
    second.record(sampleCall({ cache: 'hit' }));
    expect((await second.report()).totals.calls).toBe(2);
  });

  it('counts what is recorded after close, and refuses questions', async () => {
    const ledger = createLedger({ path: ':memory:' });
    await ledger.close();
    ledger.record(sampleCall());
    expect(ledger.status().dropped).toBe(1);
    const error: unknown = await ledger.report().catch((thrown: unknown) => thrown);
    expect(UsageError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'USAGE_LEDGER_CLOSED', retryable: false });
    await expect(ledger.calls()).rejects.toMatchObject({ code: 'USAGE_LEDGER_CLOSED' });
  });

  it('stays closed when it is closed in the middle of a flush', async () => {
    const path = freshPath();
    const ledger = createLedger({ path });
    for (let index = 0; index < 1000; index += 1) ledger.record(sampleCall());
    const flushing = ledger.flush();
    const asked = ledger.report();
    await Promise.all([ledger.close(), flushing, expect(asked).rejects.toThrow('the ledger is closed')]);
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'closed', written: 1000, buffered: 0, dropped: 0 });
    // The last connection that closes removes the side files: none was opened again.
    expect(await readdir(dirname(path))).toEqual(['usage.db', 'usage.db.opening.lock']);
  });

  it('writes by itself when its interval has passed', async () => {
    const path = freshPath();
    await using ledger = createLedger({ path, flushIntervalMs: 1 });
    await using other = createLedger({ path });
    ledger.record(sampleCall());
    await expect.poll(async () => (await other.report()).totals.calls, { interval: 5 }).toBe(1);
  });

  it('writes what fills a batch without waiting for its interval, and no more', async () => {
    await using ledger = createLedger({ path: freshPath(), flushIntervalMs: 2 ** 31 - 1 });
    for (let index = 0; index < 2500; index += 1) ledger.record(sampleCall());
    await expect.poll(() => ledger.status(), { interval: 1 }).toMatchObject({ written: 2000, buffered: 500 });
    for (let index = 0; index < 499; index += 1) ledger.record(sampleCall());
    await nextTurn();
    expect(ledger.status()).toMatchObject({ written: 2000, buffered: 999 });
    ledger.record(sampleCall());
    await expect.poll(() => ledger.status(), { interval: 1 }).toMatchObject({ written: 3000, buffered: 0 });
  });

  it('keeps single calls for a bounded time and number, and sums for longer', async () => {
    const path = freshPath();
    let now = start;
    const bounds = { keepCallsMs: 2 * hour, maxCalls: 3, keepRollupsMs: 48 * hour };
    await using ledger = createLedger({ path, clock: () => now, ...bounds });
    for (let index = 0; index < 5; index += 1) ledger.record(sampleCall({ startedAt: start + index }));
    await ledger.flush();
    expect(await ledger.calls()).toHaveLength(3);

    now += 5 * hour;
    ledger.record(sampleCall({ startedAt: now }));
    await ledger.flush();
    expect(await ledger.calls()).toHaveLength(1);
    expect((await ledger.report()).totals.calls).toBe(6);
    expect((await ledger.report({ since: start + 3 })).totals.calls).toBe(6); // By the minute, once rows are gone.
    expect((await ledger.report({ since: start + 60_000 })).totals.calls).toBe(1);

    now += 26 * hour;
    ledger.record(sampleCall({ startedAt: now }));
    await ledger.flush();
    expect((await ledger.report({ since: start + 60_000 })).totals.calls).toBe(7); // By the hour, a day later.
    expect((await ledger.report({ since: start + hour })).totals.calls).toBe(2);

    now += 50 * hour;
    await ledger.flush();
    expect((await ledger.report()).totals.calls).toBe(0);
  });

  it('forgets names that no call has any more, and knows them when they come back', async () => {
    const path = freshPath();
    let now = start;
    const clock = (): number => now;
    await using ledger = createLedger({ path, clock, keepCallsMs: hour });
    await using other = createLedger({ path, clock, keepCallsMs: hour });
    const record = async (one: typeof ledger, model: string): Promise<void> => {
      one.record(sampleCall({ startedAt: now, model }));
      await one.flush();
    };
    for (let index = 0; index < 5; index += 1) await record(ledger, `invented-${index}`);
    await record(other, 'invented-0');
    const names = (): number => {
      const file = new DatabaseSync(path, { readOnly: true });
      const count = file.prepare('SELECT (SELECT COUNT(*) FROM facets) + (SELECT COUNT(*) FROM series) AS n');
      const { n } = count.get() ?? {};
      file.close();
      return Number(n);
    };
    expect(names()).toBe(10);

    now += 3 * hour;
    await ledger.flush();
    expect(names()).toBe(0);
    await record(ledger, 'another');
    await record(other, 'invented-0');
    await record(ledger, 'invented-0');
    expect(await other.calls({ model: 'invented-0' })).toHaveLength(2);
    expect(await other.calls({ model: 'another' })).toHaveLength(1);
    expect(names()).toBe(4);
  });

  it('goes on pruning after a clock that was ahead for a moment', async () => {
    let now = start;
    await using ledger = createLedger({ path: freshPath(), clock: () => now, maxCalls: 3 });
    ledger.record(sampleCall({ startedAt: now }));
    now += 9000 * hour;
    await ledger.flush();
    now -= 9000 * hour;
    for (let index = 0; index < 9; index += 1) ledger.record(sampleCall({ startedAt: now + index }));
    await ledger.flush();
    expect(await ledger.calls()).toHaveLength(3);
  });

  it('names the option that is wrong', async () => {
    expect(() => createLedger({ path: '' })).toThrow(TypeError);
    expect(() => createLedger({ path: ':memory:', flushIntervalMs: 2 ** 31 })).toThrow(
      /flushIntervalMs .* got 2147483648/,
    );
    expect(() => createLedger({ path: ':memory:', maxBuffered: 0 })).toThrow(RangeError);
    await using ledger = createLedger({ path: ':memory:' });
    await expect(ledger.report({ by: 'colour' as never })).rejects.toThrow(
      /by must be one of .* got "colour"/,
    );
    await expect(ledger.calls({ limit: 0 })).rejects.toThrow(RangeError);
    await expect(ledger.calls({ status: 4 as never })).rejects.toThrow(TypeError);
  });
});
