import { askEffectiveness } from '@ai-toolkit/toolkit';
import { table } from '../../output/table.js';
import { type GlobalFlags, runCommand } from '../../run-command.js';
import { effectivenessText } from './effectiveness-text.js';

export function cacheStats(globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const cache = await toolkit.cache();
    await cache.ready();
    const ledger = await toolkit.ledger();
    // The memory tier belongs to this process and has just been created.
    const disk = cache.stats().tiers.filter(({ name }) => name !== 'memory');
    const [{ totals }, asked] = await Promise.all([ledger.report(), askEffectiveness(toolkit)]);
    const { problem } = ledger.status();
    const { calls, outcomes, hitRate } = totals;
    const rate = hitRate === null ? 'none yet' : `${(hitRate * 100).toFixed(1)} %`;
    output.result(
      {
        folder: toolkit.paths.cache,
        tiers: disk,
        calls,
        outcomes,
        hitRate,
        incomplete: problem !== null,
        effectiveness: 'report' in asked ? asked.report : null,
      },
      [
        table([
          ['tier', 'state', 'entries', 'MiB', 'limit MiB'],
          ...disk.map((tier) => [
            tier.name,
            tier.state,
            String(tier.entries),
            mebibytes(tier.bytes),
            Number.isFinite(tier.maxBytes) ? mebibytes(tier.maxBytes) : 'none',
          ]),
        ]),
        '',
        `calls ${calls}, hits ${outcomes.hit}, coalesced ${outcomes.coalesced}, hit rate ${rate}`,
        `folder ${toolkit.paths.cache}`,
        ...effectivenessText(asked),
      ].join('\n'),
    );
    if (problem !== null)
      output.notice(`The counts of calls are incomplete: ${problem.message}. ${problem.hint}`);
    return undefined;
  });
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
