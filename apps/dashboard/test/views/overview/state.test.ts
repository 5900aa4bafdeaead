import { describe, expect, it } from 'vitest';
import type { LedgerCall, UsageReport } from '../../../src/api/usage.js';
import { applyCall, noTotals } from '../../../src/views/overview/state/apply-call.js';
import {
  initialState,
  maxCalls,
  reduce,
  type Snapshot,
  type State,
} from '../../../src/views/overview/state/state.js';
import { trafficOf } from '../../../src/views/overview/state/traffic.js';
import { sampleCall } from '../../sample-call.js';

const until = Date.UTC(2026, 10, 22, 21, 30);

function emptyReport(by: UsageReport['by']): UsageReport {
  return { since: null, until, by, totals: noTotals, groups: [], incomplete: null };
}

function snapshotOf(range: Snapshot['range'], calls: readonly LedgerCall[]): Snapshot {
  return { range, overTime: emptyReport('hour'), byModel: emptyReport('model'), cache: null, calls };
}

function after(changes: Partial<LedgerCall> = {}): LedgerCall {
  return sampleCall({ startedAt: until + 1, ...changes });
}

describe('applyCall', () => {
  it('adds what a call billed, replayed and saved', () => {
    let report = emptyReport('hour');
    for (const cache of ['miss', 'hit', 'stale', 'coalesced', 'bypass'] as const) {
      report = applyCall(report, after({ cache }));
    }
    expect(report.totals).toMatchObject({
      calls: 5,
      hitRate: 0.5,
      outcomes: { miss: 1, hit: 1, stale: 1, semantic: 0, coalesced: 1, bypass: 1, refresh: 0 },
      tokens: {
        billed: { input: 2400, output: 800 },
        replayed: { input: 2400, output: 800 },
        saved: { input: 3600, output: 1200 },
      },
    });
    expect(report.totals.cost.savedUsd).toBeCloseTo(0.00126);
    expect(report.groups.map(({ name, calls }) => [name, calls])).toEqual([['2026-11-22T21:00:00Z', 5]]);
  });

  it('does not count a call twice that the report has already', () => {
    const report = emptyReport('hour');
    expect(applyCall(report, sampleCall({ startedAt: until - 5000, durationMs: 4000 }))).toBe(report);
    expect(applyCall(report, sampleCall({ startedAt: until - 5000, durationMs: 6000 })).totals.calls).toBe(1);
  });

  it('keeps unknown costs apart from zero', () => {
    let report = applyCall(emptyReport('model'), after({ billedUsd: null }));
    expect(report.totals.cost).toMatchObject({ billedUsd: null, unpricedBilledCalls: 1, savedUsd: 0 });
    report = applyCall(report, after({ cache: 'hit' }));
    expect(report.totals.cost.billedUsd).toBeNull();
    report = applyCall(report, after({ billedUsd: 0.5 }));
    expect(report.totals.cost).toMatchObject({ billedUsd: 0.5, unpricedBilledCalls: 1 });
  });

  it('orders models by calls and days by date', () => {
    let models = applyCall(emptyReport('model'), after({ model: 'a' }));
    for (const _ of [1, 2]) models = applyCall(models, after({ model: 'b' }));
    expect(models.groups.map((group) => group.name)).toEqual(['b', 'a']);
    let days = applyCall(emptyReport('day'), after({ startedAt: until + 86_400_000 }));
    days = applyCall(days, after());
    expect(days.groups.map((group) => group.name)).toEqual(['2026-11-22', '2026-11-23']);
  });
});

describe('the state', () => {
  it('takes calls newest first, each once, and no more than it can show', () => {
    let state: State = initialState;
    const first = sampleCall();
    state = reduce(state, { type: 'calls', calls: [first] });
    state = reduce(state, { type: 'calls', calls: [first] });
    expect(state.calls).toHaveLength(1);
    for (let index = 0; index < maxCalls + 5; index += 1)
      state = reduce(state, { type: 'calls', calls: [sampleCall()] });
    expect(state.calls).toHaveLength(maxCalls);
    expect(state.arrived.size).toBe(maxCalls);
    expect(state.arrived.has(first.requestId)).toBe(false);
    // Of calls in the same millisecond, too, the last to arrive stands first.
    const twins = [sampleCall({ startedAt: 9e12 }), sampleCall({ startedAt: 9e12 })];
    state = reduce(state, { type: 'calls', calls: twins });
    expect(state.calls.slice(0, 2)).toEqual(twins.toReversed());
  });

  it('keeps a call that came before the snapshot that lacks it', () => {
    const early = sampleCall({ startedAt: 2000 });
    const loaded = sampleCall({ startedAt: 1000 });
    let state = reduce(initialState, { type: 'calls', calls: [early] });
    state = reduce(state, { type: 'snapshot', snapshot: snapshotOf('24h', [loaded]) });
    expect(state.calls).toEqual([early, loaded]);
    // Another process recorded this one: only the list tells of it.
    const foreign = sampleCall({ startedAt: 1500 });
    state = reduce(state, { type: 'snapshot', snapshot: snapshotOf('24h', [foreign, loaded]) });
    expect(state.calls).toEqual([early, foreign, loaded]);
  });

  it('ignores figures of a span that is not looked at any more', () => {
    const state = reduce(initialState, { type: 'range', range: '7d' });
    const late = snapshotOf('24h', [sampleCall()]);
    expect(reduce(state, { type: 'snapshot', snapshot: late })).toMatchObject({
      overTime: null,
      byModel: null,
      calls: late.calls,
    });
    const timely = snapshotOf('7d', []);
    expect(reduce(state, { type: 'snapshot', snapshot: timely }).overTime).toBe(timely.overTime);
  });
});

describe('trafficOf', () => {
  it('has a bar for every hour, the empty ones too, and ends with the running one', () => {
    let report = applyCall(emptyReport('hour'), after({ cache: 'hit' }));
    report = applyCall(report, after({ cache: 'coalesced' }));
    report = applyCall(report, after({ cache: 'refresh' }));
    const bars = trafficOf(report, '24h');
    expect(bars).toHaveLength(25);
    expect(bars.at(-1)).toEqual({ at: Date.UTC(2026, 10, 22, 21), cached: 1, joined: 1, asked: 1 });
    expect(bars.at(0)).toEqual({ at: Date.UTC(2026, 10, 21, 21), cached: 0, joined: 0, asked: 0 });
  });

  it('has a bar for every day of a month', () => {
    const bars = trafficOf(applyCall(emptyReport('day'), after()), '30d');
    expect(bars).toHaveLength(31);
    expect(bars.at(-1)).toMatchObject({ at: Date.UTC(2026, 10, 22), asked: 1 });
  });
});
