import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CacheOutcome, CallRecord, CallStatus } from '@ai-toolkit/ai-client';
import { expect, it } from 'vitest';
import { createLedger, type ReportGroup } from '../../src/index.js';
import { sampleCall } from '../sample-call.js';

const start = Date.UTC(2026, 10, 21, 22);
const spanMs = 5 * 3_600_000;

/** Numbers that look random and are the same in every run (Park and Miller's generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 16_807) % 2_147_483_647;
    return state % below;
  };
}

function randomCalls(below: (limit: number) => number): CallRecord[] {
  const outcomes: CacheOutcome[] = ['hit', 'stale', 'semantic', 'coalesced', 'miss', 'refresh', 'bypass'];
  const statuses: CallStatus[] = ['ok', 'ok', 'ok', 'error', 'aborted'];
  const pick = <T>(list: readonly T[], fallback: T): T => list[below(list.length)] ?? fallback;
  return Array.from({ length: 2000 }, () => {
    const {
      usage: _usage,
      firstByteMs: _first,
      ...call
    } = sampleCall({
      startedAt: start + below(spanMs),
      cache: pick(outcomes, 'miss'),
      status: pick(statuses, 'ok'),
      provider: pick(['openai', 'anthropic'], 'openai'),
      model: pick(['gpt-4o', 'gpt-5', 'claude-opus-5', 'made-up'], 'gpt-4o'),
      tenant: pick(['red', 'blue'], 'red'),
      durationMs: below(90_000) / 10,
      upstreamMs: below(9000),
      attempts: below(3),
      labels: below(2) === 0 ? {} : { project: pick(['a', 'b'], 'a'), stage: String(below(3)) },
    });
    return {
      ...call,
      ...(below(4) === 0 ? {} : { usage: { inputTokens: below(5000), outputTokens: below(900) } }),
      ...(below(4) === 0 ? {} : { firstByteMs: below(5000) }),
    };
  });
}

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
    for (const call of randomCalls(below)) {
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
      'day',
      'hour',
    ];
    for (const since of [
      undefined,
      start,
      start + 1,
      start + 60_000,
      start + 5_432_101,
      start + 3_600_000,
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
