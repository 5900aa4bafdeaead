import { type LimitsReport, reportLimits } from '@ai-toolkit/toolkit';
import { secondOf } from '../output/moment.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export function limits(globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const report = await reportLimits(toolkit);
    output.result(report, text(report));
    if (report.source === 'process') {
      output.notice(
        `The server counts limits, but at ${report.server} ${report.reason ?? 'none answers'}. These are the configured limits.`,
      );
    }
    return undefined;
  });
}

const headings = ['provider and model', 'limit', 'used', 'left', 'of', 'reset', 'queue', 'breaker'];

function text(report: LimitsReport): string {
  const { configured, keys, circuits } = report;
  const allowed = [
    ['requests per minute', configured.requestsPerMinute],
    ['tokens per minute', configured.tokensPerMinute],
    ['at once', configured.maxConcurrent],
  ].map(
    ([name, limit]) =>
      `${String(name)}: ${limit === undefined ? 'learned from the provider' : String(limit)}`,
  );
  const rows = Object.entries(keys).flatMap(([key, snapshot]) => {
    const queue =
      snapshot.queue.depth === 0 ? '-' : `${snapshot.queue.depth}, ${snapshot.queue.expectedWaitMs} ms`;
    const breaker = breakerOf(key, circuits);
    const dimensions = Object.entries(snapshot.limits);
    if (dimensions.length === 0)
      return [[key, 'at once', String(snapshot.concurrency.used), '-', '-', '-', queue, breaker]];
    return dimensions.map(([name, { used, left, limit, resetAt }]) => [
      key,
      name,
      String(Math.round(used)),
      String(Math.floor(left)),
      String(limit),
      secondOf(resetAt),
      queue,
      breaker,
    ]);
  });
  return [allowed.join(', '), ...(rows.length === 0 ? [] : ['', table([headings, ...rows])])].join('\n');
}

/** Circuits are per server, `openai at https://…`; limits are per provider and model, `openai:gpt-4o`. */
function breakerOf(key: string, circuits: LimitsReport['circuits']): string {
  const [provider = ''] = key.split(':');
  const states = Object.entries(circuits).flatMap(([server, { state }]) =>
    server.startsWith(`${provider} at `) && state !== 'closed' ? [state] : [],
  );
  return states[0] ?? 'closed';
}
