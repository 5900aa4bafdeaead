import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import type { CallRecord } from '@ai-toolkit/ai-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type ReportGroup } from '../../src/index.js';
import { sampleCall } from '../sample-call.js';

/** When the first of the 40 calls in the older file began; the others followed by 61 seconds each. */
const start = Date.UTC(2026, 10, 22, 21, 30);
const soonAfter = (): number => start + 2 * 3_600_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-migration-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A ledger that the first version wrote, with hits of which one has no row of its own. */
async function olderFile(name: string, version: 1 | 2): Promise<string> {
  const path = join(folder, name);
  const older = new DatabaseSync(path);
  older.exec(await readFile(new URL('../fixtures/ledger-2.sql', import.meta.url), 'utf8'));
  if (version === 1) older.exec('ALTER TABLE rollups DROP COLUMN semantic; PRAGMA user_version = 1');
  older.close();
  return path;
}

describe.each([1, 2] as const)('a ledger of schema %d', (version) => {
  it('keeps its rows, its sums and its percentiles', async () => {
    const path = await olderFile(`kept-${version}.db`, version);
    await using ledger = createLedger({ path, clock: soonAfter });
    expect((await ledger.report()).totals).toMatchObject({
      calls: 40,
      outcomes: { hit: 13, miss: 27 },
      errors: 5,
      tokens: { billed: { input: 24_000, output: 12_000 }, saved: { input: 11_000, output: 5500 } },
      latency: { p50Ms: 899.2, p95Ms: 1166 },
      firstByte: { p50Ms: 317.9, p95Ms: 346.7 },
      timeSavedMs: 8668,
    });
    const counts = async (by: ReportGroup, since?: number) =>
      (await ledger.report({ by, ...(since === undefined ? {} : { since }) })).groups.map(
        ({ name, calls, latency }) => [name, calls, latency.p95Ms !== null],
      );
    expect(await counts('model')).toEqual([
      ['gpt-4o-mini', 32, true],
      ['claude-haiku-4-5', 8, true],
    ]);
    expect(await counts('day')).toEqual([['2026-11-22', 40, true]]);
    expect(await counts('hour')).toEqual([
      ['2026-11-22T21:00:00Z', 30, true],
      ['2026-11-22T22:00:00Z', 10, true],
    ]);
    // To the minute and, where each call has its row, to the millisecond.
    expect(await counts('tenant', start + 60_000 * 20)).toEqual([
      ['default', 18, true],
      ['blue', 2, true],
    ]);
    expect((await ledger.report({ since: start + 61_000 * 39 + 1 })).totals.calls).toBe(0);
    // The key of a call was not among what sums were kept by.
    expect(await counts('key')).toEqual([[null, 40, true]]);

    const rows = await ledger.calls({ limit: 1000 });
    expect(rows).toHaveLength(39);
    expect(rows.at(-1)).toMatchObject({
      requestId: 'old-00',
      surface: 'messages',
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      labels: { project: 'tide-clock', stage: '2', note: 'n' },
      usage: { inputTokens: 1000, outputTokens: 500 },
      key: 'ab'.repeat(32),
    });
    expect((await ledger.calls({ key: 'key-one' })).map(({ requestId }) => requestId)).toEqual(
      ['32', '28', '24', '20', '16', '12', '08', '04'].map((id) => `old-${id}`),
    );
    expect(await ledger.calls({ errorCode: 'AI_TIMEOUT', status: 'error' })).toHaveLength(5);
    expect(await ledger.call('old-07')).toMatchObject({ cache: 'hit', durationMs: 2 });
  });

  it('goes on', async () => {
    const path = await olderFile(`goes-on-${version}.db`, version);
    await using ledger = createLedger({ path, clock: soonAfter });
    // A series of before, at a time of before.
    ledger.record(sampleCall({ cache: 'semantic', startedAt: start }));
    ledger.record(sampleCall({ startedAt: start, labels: { key: 'key-one' } }));
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'ok', written: 2, problem: null });
    const { totals, groups } = await ledger.report({ by: 'key' });
    expect(totals).toMatchObject({ calls: 42, outcomes: { miss: 28, semantic: 1 } });
    expect(groups.map(({ name, calls }) => [name, calls])).toEqual([
      [null, 41],
      ['key-one', 1],
    ]);
    expect(await ledger.calls({ key: 'key-one' })).toHaveLength(9);
  });

  it('is brought forward once, though two processes open it', async () => {
    const path = await olderFile(`two-${version}.db`, version);
    await using one = createLedger({ path, clock: soonAfter });
    await using two = createLedger({ path, clock: soonAfter });
    const reports = await Promise.all([one.report(), two.report()]);
    expect(reports.map(({ totals }) => totals.calls)).toEqual([40, 40]);
  });
});

let olderFiles = 0;

/** A ledger as the fourth or fifth schema had it, with these calls in it. */
async function olderFileOf(schema: 4 | 5, calls: readonly CallRecord[]): Promise<string> {
  olderFiles += 1;
  const path = join(folder, `older-${olderFiles}.db`);
  const ledger = createLedger({ path, clock: soonAfter });
  for (const call of calls) ledger.record(call);
  await ledger.close();
  const older = new DatabaseSync(path);
  older.exec(`
    DROP TABLE pruned;
    DROP INDEX facets_by_newest;
    ALTER TABLE facets DROP COLUMN newest;
    ALTER TABLE calls RENAME COLUMN other_labels TO labels;
    PRAGMA user_version = 5`);
  if (schema === 4)
    older.exec(`
    DROP TABLE slices;
    DROP INDEX calls_by_request;
    CREATE INDEX calls_by_request ON calls (started_at / 120000, substr(request_id, 1, 8));
    ALTER TABLE calls RENAME COLUMN cache_key TO key;
    PRAGMA user_version = 4`);
  older.close();
  return path;
}

describe.each([4, 5] as const)('a ledger of schema %d', (schema) => {
  const calls = [0, 1, 2].map((hours) => sampleCall({ startedAt: start + hours * 3_600_000 }));

  it('keeps its rows, and they are found by their ids', async () => {
    const path = await olderFileOf(schema, calls);
    await using ledger = createLedger({ path, clock: soonAfter });
    for (const call of calls) expect(await ledger.call(call.requestId)).toMatchObject({ ...call });
    const ids = calls.map(({ requestId }) => requestId);
    expect((await ledger.calls({ requestIdPrefix: 'req-' })).map(({ requestId }) => requestId)).toEqual(
      ids.toReversed(),
    );
    expect(await ledger.calls({ model: 'gpt-4o-mini', limit: 2 })).toHaveLength(2);
  });

  it('takes no more rows from a process that has opened it before', async () => {
    const path = await olderFileOf(schema, calls);
    const older = new DatabaseSync(path);
    const columns = older
      .prepare("SELECT name FROM pragma_table_info('calls') WHERE name <> 'seq'")
      .all()
      .map(({ name }) => String(name));
    const copy = older.prepare(
      `INSERT INTO calls (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM calls WHERE seq = 1`,
    );
    await using ledger = createLedger({ path, clock: soonAfter });
    expect((await ledger.report()).totals.calls).toBe(3);
    expect(() => copy.run()).toThrow(schema === 4 ? 'key' : 'labels');
    older.close();
  });
});

/** Records a call for each line that it gets and tells how the ledger stands; a minute passes with each. Closes it at the end. */
const recorder = (path: string): string => `
  import { createInterface } from 'node:readline';
  import { createLedger } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
  let now = ${start};
  const ledger = createLedger({ path: ${JSON.stringify(path)}, clock: () => now, flushIntervalMs: 2 ** 31 - 1 });
  for await (const requestId of createInterface({ input: process.stdin })) {
    now += 60_000;
    ledger.record({
      requestId, startedAt: now, surface: 'chat', provider: 'simulator', model: 'sim', tenant: 'default', streamed: false,
      cache: 'miss', status: 'ok', durationMs: 5, attempts: 1, usage: { inputTokens: 3, outputTokens: 2 },
    });
    await ledger.flush();
    const { incomplete, totals } = await ledger.report();
    console.log(JSON.stringify({ ...ledger.status(), incomplete, calls: totals.calls }));
  }
  await ledger.close();
  console.log(JSON.stringify(ledger.status()));`;

describe('a process that has a ledger open which a newer version brings forward', () => {
  it('writes no more, finds out why when it opens it again, and leaves it as it is', async () => {
    const path = join(folder, 'newer', 'usage.db');
    const child = spawn(process.execPath, ['--input-type=module', '--eval', recorder(path)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const told = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const record = (requestId: string): Promise<unknown> => {
      child.stdin.write(`${requestId}\n`);
      return told();
    };
    expect(await record('before')).toMatchObject({ state: 'ok', written: 1, incomplete: null, calls: 1 });

    // As every step does that changes what is to be written: see `slicesStep`.
    const newer = new DatabaseSync(path);
    const version = Number(newer.prepare('PRAGMA user_version').get()?.user_version);
    newer.exec(`BEGIN; ALTER TABLE calls RENAME COLUMN cache_key TO cache_name;
      PRAGMA user_version = ${version + 1}; COMMIT`);
    expect(await record('refused')).toMatchObject({ state: 'degraded', buffered: 1, written: 1 });
    for (const [buffered, requestId] of [
      [2, 'reopening'],
      [3, 'once more'],
    ] as const)
      expect(await record(requestId)).toMatchObject({
        state: 'degraded',
        problem: { code: 'USAGE_LEDGER_NEWER', hint: expect.stringContaining('Update') },
        buffered,
        written: 1,
        incomplete: expect.stringContaining(`the ledger has schema ${version + 1}`),
        // What waits is told all the same.
        calls: buffered,
      });
    child.stdin.end();
    expect(await told()).toMatchObject({ state: 'closed', written: 1, dropped: 3, setAside: [] });
    expect(await ended).toEqual([0, null]);

    expect(newer.prepare('SELECT request_id, cache_name FROM calls').all()).toHaveLength(1);
    expect(newer.prepare('PRAGMA user_version').get()).toEqual({ user_version: version + 1 });
    expect(newer.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    newer.close();
    expect(await readdir(join(folder, 'newer'))).toEqual(['usage.db', 'usage.db.opening.lock']);
  });
});
