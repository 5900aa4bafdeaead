import type { ReportGroup, UsageGroup, UsageTotals } from '@ai-toolkit/usage';
import { exitCode } from '../exit-code.js';
import { dollars } from '../output/dollars.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface UsageFlags {
  /** Epoch, ms. */
  readonly since?: number;
  readonly by?: ReportGroup;
}

export function usage({ since, by }: UsageFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const ledger = await toolkit.ledger();
    const report = await ledger.report({
      ...(since === undefined ? {} : { since }),
      ...(by === undefined ? {} : { by }),
    });
    const rows = report.groups.map((group) => row(group.name ?? '-', group));
    const total = row('all', report.totals);
    const { problem } = ledger.status();
    const failed = problem === null ? {} : { error: { ...problem, exitCode: exitCode.failure } };
    output.result({ ...report, ...failed }, table([[by ?? '', ...headings], ...rows, total]));
    if (problem !== null) output.notice(`The report is incomplete: ${problem.message}. ${problem.hint}`);
    const { unpricedBilledCalls } = report.totals.cost;
    if (unpricedBilledCalls > 0)
      output.notice(
        `${unpricedBilledCalls} calls have no known price and are not in the totals: set prices in the configuration.`,
      );
    return problem === null ? exitCode.done : exitCode.failure;
  });
}

const headings = [
  'calls',
  'hit rate',
  'billed tokens',
  'replayed',
  'saved',
  'cost',
  'saved cost',
  'p50 ms',
  'p95 ms',
  'time saved',
];

function row(name: string, totals: UsageGroup | UsageTotals): string[] {
  const { calls, hitRate, tokens, cost, latency, timeSavedMs } = totals;
  return [
    name,
    String(calls),
    hitRate === null ? '-' : `${(hitRate * 100).toFixed(1)} %`,
    ...[tokens.billed, tokens.replayed, tokens.saved].map(({ input, output }) => String(input + output)),
    usd(cost.billedUsd),
    usd(cost.savedUsd),
    ms(latency.p50Ms),
    ms(latency.p95Ms),
    `${(timeSavedMs / 1000).toFixed(1)} s`,
  ];
}

function usd(amount: number | null): string {
  return amount === null ? 'unknown' : dollars(amount);
}

function ms(value: number | null): string {
  return value === null ? '-' : value.toFixed(0);
}
