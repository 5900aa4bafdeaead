import type { Command } from 'commander';
import { manual } from './manual.js';
import { flagsOf, oneOf, since } from './parse-options.js';

type Done = (code: number) => void;

/** Commands that report state: limits, usage, health. */
export function addServiceCommands(program: Command, done: Done): void {
  manual(
    program
      .command('limits')
      .description('show for each provider and model: used, left, reset, queue, breaker')
      .action(async (_options, command: Command) => {
        const run = await import('../commands/limits.js');
        done(await run.limits(flagsOf(command)));
      }),
    {
      examples: ['limits', 'limits --json'],
      notes: [
        'Asks the configured server, which does the counting; if none is running, it shows what is configured.',
      ],
    },
  );
  addUsage(program.command('usage').alias('usage-stats'), done);
  manual(
    program
      .command('diagnose')
      .description(
        'check configuration, providers, clock, routes, folders, cache, ledger, projects and templates',
      )
      .action(async (_options, command: Command) => {
        const run = await import('../commands/diagnose.js');
        done(await run.diagnose(flagsOf(command)));
      }),
    {
      examples: ['diagnose', 'diagnose --json'],
      notes: [
        'Each line is ok, or a warning or failure with a remedy. Exits with 1 if there is a failure. Keys are never shown.',
      ],
    },
  );
}

function addUsage(command: Command, done: Done): void {
  command
    .description('report billed, replayed and saved tokens, cost, latency, time saved')
    .option('--since <when>', 'only calls since then: 24h, 7d, or a date such as 2026-11-01', since)
    .option(
      '--by <what>',
      'split by model, provider, project, stage, tenant, key or day',
      oneOf('model', 'provider', 'project', 'stage', 'tenant', 'key', 'day'),
    )
    .action(async (options, own: Command) => {
      const run = await import('../commands/usage.js');
      done(await run.usage(options, flagsOf(own)));
    });
  manual(command, {
    examples: ['usage', 'usage --since 7d --by model', 'usage --by day --json'],
    notes: ['Days are those of UTC. A cost of unknown price is in no sum, and is told.'],
  });
}
