import type { UsageReport, UsageTotals } from '../../../api/usage.js';
import { type Range, rangeStep, rangeSteps, stepMs } from './range.js';

/** One bar: how the calls of an hour or a day were answered. */
export interface TrafficBar {
  /** Epoch of its start, ms. */
  readonly at: number;
  readonly cached: number;
  readonly joined: number;
  readonly asked: number;
}

/** The bars of a span, including empty ones, oldest first. */
export function trafficOf(report: UsageReport, range: Range): readonly TrafficBar[] {
  const step = stepMs[rangeStep[range]];
  const byStart = new Map<number, UsageTotals>();
  for (const group of report.groups) {
    if (group.name !== null) byStart.set(Date.parse(group.name), group);
  }
  const last = Math.floor(report.until / step) * step;
  return Array.from({ length: rangeSteps[range] }, (_, index) => {
    const at = last - (rangeSteps[range] - 1 - index) * step;
    return { at, ...countsOf(byStart.get(at)) };
  });
}

function countsOf(totals: UsageTotals | undefined): Omit<TrafficBar, 'at'> {
  if (totals === undefined) return { cached: 0, joined: 0, asked: 0 };
  const { hit, stale, semantic, coalesced, miss, refresh, bypass } = totals.outcomes;
  return { cached: hit + stale + semantic, joined: coalesced, asked: miss + refresh + bypass };
}
