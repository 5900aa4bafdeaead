import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord } from '@ai-toolkit/ai-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallsQuery, createLedger, type Ledger, type LedgerCall } from '../../src/index.js';
import { numbers } from '../numbers.js';
import { randomCalls } from '../random-calls.js';
import { sampleCall } from '../sample-call.js';

const start = Date.UTC(2026, 10, 22, 21, 30);
const hourMs = 3_600_000;

const queries: readonly CallsQuery[] = [
  {},
  { status: 'error' },
  { cache: 'stale' },
  { provider: 'anthropic' },
  { model: 'made-up' },
  { model: 'nobody-has-this' },
  { tenant: 'blue' },
  { key: 'key-2' },
  { project: 'b' },
  { stage: '2' },
  { surface: 'embeddings' },
  { errorCode: 'AI_TIMEOUT' },
  { since: start + hourMs, until: start + 2 * hourMs },
  { key: 'key-1', status: 'aborted', since: start + hourMs },
  { key: 'key-1', project: 'a', stage: '0', cache: 'hit', surface: 'chat', until: start + 3 * hourMs },
  { requestIdPrefix: 'req-00' },
  { requestIdPrefix: 'req-0001' },
  { requestIdPrefix: 'req-0001', status: 'error', until: start + 3 * hourMs },
  { requestIdPrefix: 'other' },
];

/** What a query asks for, by going through all calls. */
function expected(calls: readonly CallRecord[], query: CallsQuery): string[] {
  const { since = 0, until = Number.POSITIVE_INFINITY, requestIdPrefix = '', ...fields } = query;
  return calls
    .filter(
      (call) =>
        call.startedAt >= since && call.startedAt < until && call.requestId.startsWith(requestIdPrefix),
    )
    .filter((call) =>
      Object.entries(fields).every(
        ([name, value]) => value === { ...call, key: undefined, ...call.labels }[name as 'key'],
      ),
    )
    .sort((a, b) => b.startedAt - a.startedAt || (a.requestId < b.requestId ? 1 : -1))
    .map(({ requestId }) => requestId);
}

async function pages(ledger: Ledger, query: CallsQuery, limit: number): Promise<LedgerCall[]> {
  const seen: LedgerCall[] = [];
  for (;;) {
    const before = seen.at(-1);
    const page = await ledger.calls({ ...query, limit, ...(before === undefined ? {} : { before }) });
    seen.push(...page);
    if (page.length < limit) return seen;
  }
}

describe('calls that are looked for', () => {
  let folder: string;
  let ledger: Ledger;
  // Several in one millisecond, and some that are not written yet.
  const calls = randomCalls(1500, start, 4 * hourMs, numbers(9)).map((call, index) => ({
    ...call,
    startedAt: index % 3 === 0 ? start + Math.floor(index / 30) * 1000 : call.startedAt,
  }));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usage-filters-'));
    ledger = createLedger({ path: join(folder, 'usage.db'), clock: () => start + 4 * hourMs });
    for (const [index, call] of calls.entries()) {
      ledger.record(call);
      if (index === 700 || index === 1400) await ledger.flush();
    }
  });
  afterAll(async () => {
    await ledger.close();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(queries)('are those that fit, newest first, page by page: %j', async (query) => {
    const found = (await pages(ledger, query, 7)).map(({ requestId }) => requestId);
    expect(found).toEqual(expected(calls, query));
  });

  it('are found by the whole id, written or not', async () => {
    for (const call of [calls[3], calls[1450]]) {
      expect(await ledger.call(call?.requestId ?? '')).toMatchObject({ ...call });
    }
    for (const id of ['req-00', 'nobody', '', '\ud800', '%', "'"])
      expect(await ledger.call(id), id).toBeUndefined();
  });

  it('refuse what is no filter', async () => {
    await expect(ledger.calls({ since: -1 })).rejects.toThrow(/since must be from 0/);
    await expect(ledger.calls({ key: 7 as never })).rejects.toThrow(/key must be a string, got 7/);
    await expect(ledger.call(7 as never)).rejects.toThrow(TypeError);
  });
});

it('a call is found by ids and names that are too long to be stored whole', async () => {
  await using ledger = createLedger({ path: ':memory:', clock: () => start });
  const long = 'x'.repeat(300);
  ledger.record(sampleCall({ requestId: long, model: long }));
  await ledger.flush();
  expect(await ledger.call(long)).toBeDefined();
  for (const query of [{ requestIdPrefix: long }, { model: long }])
    expect(await ledger.calls(query), Object.keys(query)[0]).toHaveLength(1);
});

it('a call comes back whole: names, waits, attempts and all labels', async () => {
  await using ledger = createLedger({ path: ':memory:', clock: () => start });
  const call = sampleCall({
    askedModel: 'fast',
    attempts: 3,
    fallbacks: 1,
    queuedMs: 12.5,
    providerWaitMs: 250,
    similarity: 0.97,
    labels: { key: 'key-1', project: 'p', stage: '1', colour: 'red' },
  });
  ledger.record(call);
  await ledger.flush();
  expect(await ledger.call(call.requestId)).toMatchObject(call);
});
