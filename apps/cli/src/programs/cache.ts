import type { Command } from 'commander';
import { manual } from './manual.js';
import { duration, flagsOf, oneOf, wholeNumber } from './parse-options.js';

type Done = (code: number) => void;

/** The response cache. */
export function addCacheCommands(program: Command, done: Done): void {
  const cache = program.command('cache').description('inspect, clear, export and import the response cache');
  manual(cache, {
    examples: [
      'cache stats',
      'cache list --limit 20',
      'cache explain request.json',
      'cache clear --older-than 7d',
    ],
  });
  manual(
    cache
      .command('stats')
      .description(
        'show entries, bytes and hits of each tier; what each layer of a running server saves, and advice',
      )
      .action(async (_options, command: Command) => {
        const { cacheStats } = await import('../commands/cache/stats.js');
        done(await cacheStats(flagsOf(command)));
      }),
    {
      examples: ['cache stats', 'cache stats --json'],
      notes: [
        'Asks the configured server what its layers saved; if none is running, only the tiers are shown.',
      ],
    },
  );
  addEntryCommands(cache, done);
  addClear(cache.command('clear'), done, 'cache clear');
  addClear(program.command('clear-cache'), done, 'clear-cache');
  addCassetteCommands(cache, done);
}

function addEntryCommands(cache: Command, done: Done): void {
  manual(
    cache
      .command('list')
      .description('list the stored answers, latest first')
      .option('--limit <n>', 'at most this many', wholeNumber)
      .action(async (options, command: Command) => {
        const { cacheList } = await import('../commands/cache/entries.js');
        done(await cacheList(options, flagsOf(command)));
      }),
    { examples: ['cache list', 'cache list --limit 20 --json'] },
  );
  manual(
    cache
      .command('show')
      .description('show one stored answer')
      .argument('<key>', 'its key, or the beginning of its key')
      .action(async (key: string, _options, command: Command) => {
        const { cacheShow } = await import('../commands/cache/entries.js');
        done(await cacheShow(key, flagsOf(command)));
      }),
    {
      examples: ['cache show 3fa94c', 'cache show 3fa94c --json'],
      notes: ['What was asked is there when the setting cache.keepRequests was on.'],
    },
  );
  manual(
    cache
      .command('delete')
      .description('delete individual answers')
      .argument('<key...>', 'their keys, or the beginnings of their keys')
      .action(async (keys: string[], _options, command: Command) => {
        const { cacheDelete } = await import('../commands/cache/entries.js');
        done(await cacheDelete(keys, flagsOf(command)));
      }),
    { examples: ['cache delete 3fa94c', 'cache delete 3fa94c 81be20'] },
  );
  manual(
    cache
      .command('explain')
      .description(
        'show the key of a request, hit or miss, and the fields in which the nearest stored request differs',
      )
      .argument('<file>', 'JSON body of the request; - reads it from stdin')
      .option('--against <key>', 'compare with the request of this stored answer')
      .option(
        '--surface <name>',
        'wire format: chat, responses, messages or embeddings (default: detected from its fields)',
        oneOf('chat', 'responses', 'messages', 'embeddings'),
      )
      .action(async (file: string, options, command: Command) => {
        const { cacheExplain } = await import('../commands/cache/explain.js');
        done(await cacheExplain(file, options, flagsOf(command)));
      }),
    {
      examples: ['cache explain request.json', 'cache explain request.json --against 3fa94c'],
      notes: ['Asks no provider.'],
    },
  );
}

function addClear(command: Command, done: Done, name: string): void {
  command
    .description('delete stored answers')
    .option('--all', 'all of them')
    .option('-p, --project <id>', 'those of a project')
    .option('--namespace <name>', 'those in a namespace')
    .option('--older-than <age>', 'those older than this, such as 12h or 7d', duration)
    .action(async (options, own: Command) => {
      const { cacheClear } = await import('../commands/cache/entries.js');
      done(await cacheClear(options, flagsOf(own)));
    });
  manual(command, { examples: [`${name} --all`, `${name} -p tide-clock`, `${name} --older-than 7d`] });
}

function addCassetteCommands(cache: Command, done: Done): void {
  const notes = ['The files are readable and can be kept in git. Secrets are left out of them.'];
  manual(
    cache
      .command('export')
      .description('write the stored answers to files, one per answer')
      .argument('<dir>', 'folder for the files; created if missing')
      .action(async (dir: string, _options, command: Command) => {
        const { cacheExport } = await import('../commands/cache/cassettes.js');
        done(await cacheExport(dir, flagsOf(command)));
      }),
    { examples: ['cache export test/cassettes'], notes },
  );
  manual(
    cache
      .command('import')
      .description('import such files into the cache')
      .argument('<dir>', 'folder of the files')
      .action(async (dir: string, _options, command: Command) => {
        const { cacheImport } = await import('../commands/cache/cassettes.js');
        done(await cacheImport(dir, flagsOf(command)));
      }),
    { examples: ['cache import test/cassettes', 'generate --offline "Say hello"'], notes },
  );
}
