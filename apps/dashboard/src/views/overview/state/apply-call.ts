import type { LedgerCall, TokenCounts, UsageGroup, UsageReport, UsageTotals } from '../../../api/usage.js';
import { stepMs } from './range.js';

/**
 * Adds a call to the report. Percentiles cannot be updated from a single call, and stay as they are until the next
 * reload.
 */
export function applyCall(report: UsageReport, call: LedgerCall): UsageReport {
  // The report already includes calls that had ended when it was made.
  if (call.startedAt + call.durationMs <= report.until) return report;
  const name = groupName(report, call);
  const known = report.groups.some((group) => group.name === name);
  const groups = known
    ? report.groups.map((group) => (group.name === name ? { ...group, ...addToTotals(group, call) } : group))
    : [...report.groups, { name, ...addToTotals(noTotals, call) }];
  return { ...report, totals: addToTotals(report.totals, call), groups: inOrder(report, groups) };
}

function groupName(report: UsageReport, call: LedgerCall): string | null {
  if (report.by === 'model') return call.model;
  const step = report.by === 'day' ? stepMs.day : stepMs.hour;
  const start = new Date(Math.floor(call.startedAt / step) * step).toISOString();
  return report.by === 'day' ? start.slice(0, 10) : `${start.slice(0, 19)}Z`;
}

function inOrder(report: UsageReport, groups: readonly UsageGroup[]): readonly UsageGroup[] {
  if (report.by !== 'model') return groups.toSorted((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  return groups.toSorted((a, b) => b.calls - a.calls);
}

export function addToTotals(totals: UsageTotals, call: LedgerCall): UsageTotals {
  const outcomes = { ...totals.outcomes, [call.cache]: totals.outcomes[call.cache] + 1 };
  const lookedUp = outcomes.hit + outcomes.stale + outcomes.semantic + outcomes.coalesced + outcomes.miss;
  return {
    calls: totals.calls + 1,
    outcomes,
    hitRate: lookedUp === 0 ? null : (outcomes.hit + outcomes.stale + outcomes.semantic) / lookedUp,
    errors: totals.errors + (call.status === 'error' ? 1 : 0),
    aborted: totals.aborted + (call.status === 'aborted' ? 1 : 0),
    tokens: {
      billed: addTokens(totals.tokens.billed, call.billed),
      replayed: addTokens(totals.tokens.replayed, call.replayed),
      saved: addTokens(totals.tokens.saved, call.saved),
    },
    cost: {
      billedUsd: addUsd(totals.cost.billedUsd, call.billedUsd),
      savedUsd: addUsd(totals.cost.savedUsd, call.savedUsd),
      unpricedBilledCalls: totals.cost.unpricedBilledCalls + (call.billedUsd === null ? 1 : 0),
      unpricedSavedCalls: totals.cost.unpricedSavedCalls + (call.savedUsd === null ? 1 : 0),
    },
    latency: totals.latency,
    firstByte: totals.firstByte,
    timeSavedMs: totals.timeSavedMs + call.timeSavedMs,
  };
}

function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return { input: a.input + b.input, output: a.output + b.output };
}

/** A sum leaves out unknown amounts; if all are unknown, so is the sum. */
function addUsd(sum: number | null, amount: number | null): number | null {
  if (amount === null) return sum === 0 ? null : sum;
  if (sum === null) return amount === 0 ? null : amount;
  return sum + amount;
}

const noTokens: TokenCounts = { input: 0, output: 0 };

export const noTotals: UsageTotals = {
  calls: 0,
  outcomes: { hit: 0, stale: 0, semantic: 0, coalesced: 0, miss: 0, refresh: 0, bypass: 0 },
  hitRate: null,
  errors: 0,
  aborted: 0,
  tokens: { billed: noTokens, replayed: noTokens, saved: noTokens },
  cost: { billedUsd: 0, savedUsd: 0, unpricedBilledCalls: 0, unpricedSavedCalls: 0 },
  latency: { p50Ms: null, p95Ms: null },
  firstByte: { p50Ms: null, p95Ms: null },
  timeSavedMs: 0,
};
