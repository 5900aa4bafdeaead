import type { Command } from 'commander';
import { flagsOf } from './parse-options.js';

/** What looks after the rest: cache and health. */
export function addServiceCommands(program: Command, done: (code: number) => void): void {
  program
    .command('cache')
    .description('look into the response cache')
    .command('stats')
    .description('entries, bytes and hits of each tier')
    .action(async (_options, command: Command) => {
      const { cacheStats } = await import('../commands/cache-stats.js');
      done(await cacheStats(flagsOf(command)));
    });
  program
    .command('diagnose')
    .description('check configuration, providers, folders, cache and projects')
    .action(async (_options, command: Command) => {
      const { diagnose } = await import('../commands/diagnose.js');
      done(await diagnose(flagsOf(command)));
    });
}
