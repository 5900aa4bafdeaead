import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLedger, type ReportGroup } from '../../src/index.js';
import { numbers } from '../numbers.js';
import { randomCalls } from '../random-calls.js';

const start = Date.UTC(2026, 10, 21, 22);
const spanMs = 30 * 3_600_000;

/** Sums of money in a different order differ in their last digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_name, part) =>
    typeof part === 'number' ? Number(part.toPrecision(10)) : part,
  );
}

it('reports the same from sums on disk as from single calls in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usage-agreement-'));
  try {
    await writeFile(join(folder, 'file'), '');
    const now = start + spanMs;
    await using disk = createLedger({ path: join(folder, 'usage.db'), clock: () => now });
    // Below a file nothing can be made: this ledger answers from its buffer alone.
    await using memory = createLedger({ path: join(folder, 'file', 'usage.db'), clock: () => now });
    const below = numbers(20_261_122);
    for (const call of randomCalls(2000, start, spanMs, below)) {
      disk.record(call);
      memory.record(call);
      if (below(40) === 0) await disk.flush();
    }
    const groups: (ReportGroup | undefined)[] = [
      undefined,
      'model',
      'provider',
      'project',
      'stage',
      'tenant',
      'key',
      'day',
      'hour',
    ];
    for (const since of [
      undefined,
      start,
      start + 1,
      start + 60_000,
      start + 5_432_101,
      now - 5_432_101,
      start + 3_600_000,
      now - 86_400_000,
      now,
    ]) {
      for (const by of groups) {
        const query = { ...(since === undefined ? {} : { since }), ...(by === undefined ? {} : { by }) };
        const { incomplete: _whole, ...fromDisk } = await disk.report(query);
        const { incomplete: _partial, ...fromMemory } = await memory.report(query);
        expect(rounded(fromDisk), `since ${since} by ${by}`).toEqual(rounded(fromMemory));
      }
    }
    expect((await disk.report()).totals.calls).toBe(2000);
    expect(memory.status()).toMatchObject({ state: 'degraded', buffered: 2000 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 30_000);
