import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { buildLargeLedger, copiedId } from '../benchmarks/support/large-ledger.js';
import { createTraffic } from '../benchmarks/support/ledger-traffic.js';

const dayMs = 86_400_000;
const endsAt = Date.UTC(2026, 10, 22);
const days = 4;
const firstStart = endsAt - days * dayMs;

interface UsageModule {
  createLedger(options: object): {
    record(call: object): void;
    flush(): Promise<void>;
    close(): Promise<void>;
  };
}

/** All that a file holds, told by names and not by ids, which depend on the order of writing. */
function contentOf(path: string): Record<string, unknown[]> {
  const database = new DatabaseSync(path);
  const series =
    "(provider || ' ' || model || ' ' || tenant || ' ' || project || ' ' || stage || ' ' || gateway_key)";
  const rows = (sql: string): Record<string, unknown>[] => database.prepare(sql).all();
  const content = {
    calls: rows(`SELECT ${series} AS names, surface, cache, status, error_code, calls.* FROM calls
      JOIN facets ON facets.id = facet JOIN series ON series.id = series ORDER BY started_at, request_id`).map(
      ({ seq: _seq, facet: _facet, ...row }) => row,
    ),
    sums: rows('SELECT * FROM sums ORDER BY span, dimension, at, name').map(rounded),
    slices: rows('SELECT * FROM slices ORDER BY slice'),
  };
  database.close();
  return content;
}

/** Sums of money in another order differ in their last digits. */
function rounded(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(12)) : value,
    ]),
  );
}

it('a ledger that is copied day by day is the one that the writer would have made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-large-ledger-'));
  try {
    const traffic = createTraffic(7);
    const firstDay = Array.from({ length: 800 }, (_, index) => traffic.call(firstStart + index * 108_000));
    const copied = join(folder, 'copied.db');
    await buildLargeLedger({ path: copied, firstDay, days, endsAt });

    const { createLedger } = (await import(
      new URL('../packages/usage/dist/index.js', import.meta.url).href
    )) as UsageModule;
    const written = join(folder, 'written.db');
    let now = firstStart + dayMs;
    const ledger = createLedger({
      path: written,
      clock: () => now,
      maxBuffered: 10_000,
      hitRowsPerSecond: 1e9,
      keepCallsMs: 30 * dayMs,
    });
    for (let day = 0; day < days; day += 1) {
      now = firstStart + (day + 1) * dayMs;
      for (const [index, call] of firstDay.entries()) {
        const requestId = day === 0 ? call.requestId : copiedId(call.requestId, index + 1, day);
        ledger.record({ ...call, requestId, startedAt: call.startedAt + day * dayMs });
      }
      await ledger.flush();
    }
    await ledger.close();
    expect(contentOf(copied)).toEqual(contentOf(written));
    expect(contentOf(copied).calls).toHaveLength(800 * days);
  } finally {
    await rm(folder, { recursive: true });
  }
});
