import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { addCounters, countCall, emptyCounters, totalsOf } from './counters.js';
import type { ReportGroup, ReportQuery, UsageGroup, UsageReport } from './ledger-contract.js';
import type { CountersByName } from './report-reader.js';

export interface ReportParts {
  readonly query: ReportQuery;
  /** Sums of what is on disk; undefined when it cannot be read. */
  readonly stored: CountersByName | undefined;
  /** Calls that are not on disk yet. */
  readonly buffered: readonly LedgerCall[];
  readonly until: number;
  readonly incomplete: string | null;
}

export function buildReport({ query, stored, buffered, until, incomplete }: ReportParts): UsageReport {
  const { since, by } = query;
  const sums: CountersByName = stored ?? new Map();
  for (const call of buffered) {
    if (since !== undefined && call.startedAt < since) continue;
    const name = by === undefined ? '' : groupOf(call, by);
    countCall(entryOf(sums, name, emptyCounters), call);
  }

  const totals = emptyCounters();
  const groups: UsageGroup[] = [];
  for (const [name, counters] of sums) {
    addCounters(totals, counters);
    groups.push({ name: name === '' ? null : name, ...totalsOf(counters) });
  }
  if (by === 'day' || by === 'hour') groups.sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  else groups.sort((a, b) => b.calls - a.calls || ((a.name ?? '') < (b.name ?? '') ? -1 : 1));

  return {
    since: since ?? null,
    until,
    by: by ?? null,
    totals: totalsOf(totals),
    groups: by === undefined ? [] : groups,
    incomplete,
  };
}

function groupOf(call: LedgerCall, by: ReportGroup): string {
  switch (by) {
    case 'day':
      return isoOf(call).slice(0, 10);
    case 'hour':
      return `${isoOf(call).slice(0, 13)}:00:00Z`;
    case 'key':
    case 'project':
    case 'stage':
      return call.labels?.[by] ?? '';
    case 'model':
    case 'provider':
    case 'tenant':
      return call[by];
  }
}

function isoOf(call: LedgerCall): string {
  const at = new Date(call.startedAt);
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
}
