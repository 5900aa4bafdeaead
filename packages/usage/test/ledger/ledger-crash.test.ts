import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger } from '../../src/index.js';

const built = new URL('../../dist/index.js', import.meta.url).href;
const batch = 40;

/** Writes batch after batch until it is killed, says after each that it is written, and prunes rows beyond 2,000. */
const program = (path: string): string => `
  import { createLedger } from ${JSON.stringify(built)};
  let now = Date.UTC(2026, 10, 22);
  const ledger = createLedger({
    path: ${JSON.stringify(path)}, clock: () => now, flushIntervalMs: 2 ** 31 - 1, maxCalls: 2000, hitRowsPerSecond: 1e9,
  });
  for (let written = 0; ; written += 1) {
    for (let n = 0; n < ${batch}; n += 1) ledger.record({
      requestId: process.pid + '-' + written + '-' + n, startedAt: now - n * 1000, surface: 'chat', provider: 'simulator',
      model: 'sim-' + (n % 7), tenant: 'default', streamed: false, cache: n % 3 === 0 ? 'hit' : 'miss', status: 'ok',
      durationMs: 5 + n, firstByteMs: 1 + n, attempts: 1, usage: { inputTokens: 3, outputTokens: 2 }, labels: { key: 'key-' + (n % 4) },
    });
    await ledger.flush();
    process.stdout.write('.');
    now += 1_800_000;
  }`;

async function writeUntilKilled(path: string, afterBatches: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let told = 0;
  child.stdout.on('data', (dots: Buffer) => {
    told += dots.length;
    if (told >= afterBatches) child.kill('SIGKILL');
  });
  const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe('SIGKILL');
  return told;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usage-crash-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a ledger whose process is killed while it writes', { timeout: 120_000 }, () => {
  it('opens, is sound, and holds whole batches: in its rows as in the sums of each span', async () => {
    const path = join(folder, 'usage.db');
    let least = 0;
    for (const afterBatches of [1, 7, 30, 12, 60]) {
      least += await writeUntilKilled(path, afterBatches);
      const database = new DatabaseSync(path);
      const number = (sql: string): number => Number(database.prepare(sql).get()?.value);
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      const hour = 3_600_000;
      const calls = number(
        `SELECT SUM(calls) AS value FROM sums WHERE span = ${24 * hour} AND dimension = 0`,
      );
      expect(calls % batch).toBe(0);
      expect(calls / batch).toBeGreaterThanOrEqual(least);
      for (const span of [hour, 24 * hour])
        for (let dimension = 0; dimension <= 6; dimension += 1)
          expect(
            number(`SELECT SUM(calls) AS value FROM sums WHERE span = ${span} AND dimension = ${dimension}`),
          ).toBe(calls);
      const rows = number('SELECT COUNT(*) AS value FROM calls');
      expect(rows % batch, 'rows are written and pruned by whole batches').toBe(0);
      const told =
        'SELECT COUNT(*) AS value FROM calls JOIN facets ON facets.id = facet JOIN series ON series.id = series';
      expect(number(told), 'each row has its names').toBe(rows);
      database.close();
      least = calls / batch;
    }
    await using ledger = createLedger({ path, clock: () => Date.UTC(2026, 10, 23) });
    const { totals } = await ledger.report({ by: 'key' });
    expect(totals.tokens.billed.input + totals.tokens.replayed.input).toBe(3 * totals.calls);
    expect(ledger.status()).toMatchObject({ state: 'ok', setAside: [], problem: null });
  });
});
