import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../../src/index.js';
import { sampleCall } from '../sample-call.js';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-failures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function freshPath(): Promise<string> {
  files += 1;
  const path = join(folder, `case-${files}`, 'usage.db');
  await mkdir(dirname(path));
  return path;
}

describe('a ledger whose file', () => {
  it('is no database moves it aside, says so, and goes on', async () => {
    const path = await freshPath();
    const garbage = 'this is not a database '.repeat(500);
    await writeFile(path, garbage);
    await using ledger = createLedger({ path });
    ledger.record(sampleCall());
    await ledger.flush();

    const status = ledger.status();
    expect(status).toMatchObject({ state: 'ok', written: 1, dropped: 0, buffered: 0 });
    expect(status.problem).toMatchObject({ code: 'USAGE_LEDGER_DAMAGED' });
    expect(await readFile(status.setAside[0] ?? '', 'utf8')).toBe(garbage);
    expect((await ledger.report()).totals.calls).toBe(1);
  });

  it('was damaged in the middle moves it aside when it notices', async () => {
    const path = await freshPath();
    {
      await using ledger = createLedger({ path });
      for (let index = 0; index < 400; index += 1) ledger.record(sampleCall());
    }
    const bytes = await readFile(path);
    bytes.fill(0xa5, 4096);
    await writeFile(path, bytes);

    await using ledger = createLedger({ path });
    ledger.record(sampleCall());
    await ledger.flush();
    expect(ledger.status()).toMatchObject({
      state: 'ok',
      written: 1,
      problem: { code: 'USAGE_LEDGER_DAMAGED' },
    });
    expect(ledger.status().setAside).toHaveLength(1);
  });

  it('is damaged and cannot be moved either stays as it is, and the calls wait', async () => {
    const path = await freshPath();
    await mkdir(`${path}.damaged-1970-01-01T00-16-40-000Z`);
    await writeFile(path, 'no database '.repeat(500));
    await using ledger = createLedger({ path, clock: () => 1_000_000 });
    ledger.record(sampleCall());
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'degraded', buffered: 1, setAside: [] });
    expect(ledger.status().problem?.message).toContain('could not be moved aside');
    expect(await readFile(path, 'utf8')).toContain('no database');
  });

  it('should lie below a file says so', async () => {
    const folder = dirname(await freshPath());
    await writeFile(join(folder, 'file'), '');
    await using ledger = createLedger({ path: join(folder, 'file', 'usage.db') });
    ledger.record(sampleCall());
    await ledger.flush();
    expect(ledger.status().problem?.message).toContain(`EEXIST: file already exists, mkdir '${folder}/file'`);
  });

  it('cannot be made keeps the newest calls in memory, and reports from there', async () => {
    const path = join(await freshPath(), 'below-a-file', 'usage.db');
    await writeFile(dirname(dirname(path)), '');
    let now = 1_000_000;
    await using ledger = createLedger({ path, maxBuffered: 20, clock: () => now });
    for (let index = 0; index < 30; index += 1) ledger.record(sampleCall({ startedAt: 5000 + index }));
    await ledger.flush();

    expect(ledger.status()).toMatchObject({ state: 'degraded', written: 0 });
    expect(ledger.status().problem).toMatchObject({ code: 'USAGE_LEDGER_UNAVAILABLE' });
    expect(ledger.status().buffered + ledger.status().dropped).toBe(30);
    expect(ledger.status().buffered).toBeGreaterThan(17);
    const report = await ledger.report({ by: 'hour' });
    expect(report.totals.calls).toBe(ledger.status().buffered);
    expect(report.groups[0]?.name).toBe('1970-01-01T00:00:00Z');
    expect(report.incomplete).toContain('cannot be used');
    expect((await ledger.calls({ limit: 1 }))[0]?.startedAt).toBe(5029);

    // The cause goes away: what waited is written at the next try.
    await rm(dirname(dirname(path)));
    const waiting = ledger.status().buffered;
    now += 60_000;
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'ok', buffered: 0, written: waiting, problem: null });
  });

  it('is locked by others holds the calls back until it is free', async () => {
    const path = await freshPath();
    let now = 1_000_000;
    await using ledger = createLedger({ path, clock: () => now });
    ledger.record(sampleCall());
    await ledger.flush();
    const blocker = new DatabaseSync(path);
    blocker.exec('BEGIN IMMEDIATE');
    ledger.record(sampleCall());
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'degraded', buffered: 1, written: 1 });
    // In WAL mode a writer's lock does not stop readers: the report is whole.
    expect(await ledger.report()).toMatchObject({ incomplete: null, totals: { calls: 2 } });
    blocker.exec('ROLLBACK');
    blocker.close();
    now += 60_000;
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'ok', buffered: 0, written: 2 });
  });

  it('is locked by others prunes later, and goes on meanwhile', async () => {
    const path = await freshPath();
    let now = 1_000_000;
    await using other = createLedger({ path, clock: () => now });
    for (let index = 0; index < 3; index += 1) other.record(sampleCall({ startedAt: now + index }));
    await other.flush();
    await using ledger = createLedger({ path, clock: () => now, maxCalls: 1 });
    const blocker = new DatabaseSync(path);
    blocker.exec('BEGIN IMMEDIATE');
    expect(await ledger.calls()).toHaveLength(3);
    expect((await ledger.report()).totals.calls).toBe(3);
    expect(ledger.status()).toMatchObject({ state: 'ok', problem: null });
    blocker.exec('ROLLBACK');
    blocker.close();
    now += 60_000;
    await ledger.flush();
    expect(await ledger.calls()).toHaveLength(1);
  });

  it('was written by a newer version is left untouched', async () => {
    const path = await freshPath();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99; CREATE TABLE future (x)');
    newer.close();
    const ledger = createLedger({ path });
    ledger.record(sampleCall());
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'degraded', problem: { code: 'USAGE_LEDGER_NEWER' } });
    await ledger.close();
    expect(ledger.status().dropped).toBe(1);
    const again = new DatabaseSync(path);
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'future' }]);
    again.close();
  });

  it('was deleted under it begins a new one', async () => {
    const path = await freshPath();
    await using ledger = createLedger({ path });
    ledger.record(sampleCall());
    await ledger.flush();
    for (const name of await readdir(dirname(path))) await rm(join(dirname(path), name));
    ledger.record(sampleCall());
    await ledger.flush();
    expect((await ledger.report()).totals.calls).toBe(1);
    expect(await readdir(dirname(path))).toContain('usage.db');
  });
});

describe('a call that cannot be a row', () => {
  it('is dropped alone, and counted', async () => {
    await using ledger = createLedger({ path: ':memory:' });
    ledger.record(sampleCall({ requestId: undefined as never }));
    ledger.record(sampleCall({ model: { toString: null } as never }));
    ledger.record(sampleCall());
    await ledger.flush();
    expect(ledger.status()).toMatchObject({ state: 'ok', written: 1, dropped: 2, buffered: 0 });
  });

  it('may be hostile: numbers without bound, names of any kind', async () => {
    await using ledger = createLedger({ path: ':memory:' });
    for (let index = 0; index < 20_000; index += 1) {
      ledger.record(
        sampleCall({ usage: { inputTokens: 1e300, outputTokens: Number.NaN }, model: `m${index % 7}` }),
      );
      if (index % 1000 === 0) await ledger.flush();
    }
    ledger.record(sampleCall({ model: `"'; DROP TABLE calls; --\u0000\ud800${'x'.repeat(1e6)}` }));
    ledger.record(
      sampleCall({ durationMs: Number.NaN, firstByteMs: Number.POSITIVE_INFINITY, attempts: 1.5 }),
    );
    const report = await ledger.report({ by: 'model' });
    expect(report.totals.calls).toBe(20_002);
    expect(report.totals.tokens.billed.input).toBeGreaterThan(1.9e16);
    expect(ledger.status().dropped).toBe(0);
    expect((await ledger.calls({ limit: 1000 })).every((call) => call.model.length <= 256)).toBe(true);
  });
});
