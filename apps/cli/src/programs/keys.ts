import { type Command, InvalidArgumentError } from 'commander';
import { manual } from './manual.js';
import { amount, collect, flagsOf, oneOf, positiveNumber } from './parse-options.js';

/** `keys create|list|revoke`. */
export function addKeyCommands(program: Command, done: (code: number) => void): void {
  const keys = program.command('keys').description('make, list and revoke keys of the gateway');
  manual(keys, {
    examples: ['keys create --name "Team A" --tenant a --rpm 60', 'keys list', 'keys revoke "Team A"'],
    notes: [
      'Clients send a key where they would send that of a provider. A running server takes a change within a second.',
    ],
  });
  const create = keys
    .command('create')
    .description('make a key and print it, once')
    .requiredOption('-n, --name <name>', 'whose or what for, for people')
    .option('--tenant <name>', 'tenants share no answer, limit or stream (default: "default")')
    .option(
      '-m, --model <name>',
      'model it is for, with * for anything; may be given more than once',
      collect,
      [],
    )
    .option('--rpm <n>', 'requests a minute', positiveNumber)
    .option('--tpm <n>', 'tokens a minute', positiveNumber)
    .option('--budget <usd>', 'US dollars that may be spent; never crossed', amount)
    .option(
      '--per <period>',
      'what the budget is for: day, month or total (default: "month")',
      oneOf('day', 'month', 'total'),
    )
    .option(
      '--unpriced <policy>',
      'requests of unknown price under a budget: refuse or allow (default: "refuse")',
      oneOf('refuse', 'allow'),
    )
    .option('--expires <when>', 'end of the key: 12h, 30d, or a date such as 2027-01-31', moment)
    .option('--shared-cache <pool>', 'share answers with all keys of this pool, whatever their tenant')
    .option('--admin', 'a key for everything but models')
    .action(async (options, command: Command) => {
      const { keysCreate } = await import('../commands/keys.js');
      done(await keysCreate(options, flagsOf(command)));
    });
  manual(create, {
    examples: [
      'keys create --name "Team A"',
      'keys create --name "Team A" --tenant a --model "gpt-4o*" --budget 20 --per month',
      'keys create --name me --admin',
    ],
    notes: ['The key is printed once, and kept as a hash.'],
  });
  const list = keys
    .command('list')
    .description('show the keys, their limits and what they have spent')
    .option('--all', 'revoked ones as well')
    .action(async (options, command: Command) => {
      const { keysList } = await import('../commands/keys.js');
      done(await keysList(options, flagsOf(command)));
    });
  manual(list, { examples: ['keys list', 'keys list --all --json'] });
  const revoke = keys
    .command('revoke')
    .description('end a key at once, for running servers as well')
    .argument('<id>', 'its id, or its name where no other has it')
    .action(async (id: string, _options, command: Command) => {
      const { keysRevoke } = await import('../commands/keys.js');
      done(await keysRevoke(id, flagsOf(command)));
    });
  manual(revoke, { examples: ['keys revoke "Team A"', 'keys revoke 7f3k2m'] });
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Epoch, ms: a time from now, or a date. */
function moment(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const at = amount === undefined ? dateOf(text) : Date.now() + Number(amount) * (units[unit] ?? Number.NaN);
  if (!(at > Date.now()))
    throw new InvalidArgumentError('It must be a time to come, such as 30d or 2027-01-31.');
  return at;
}

function dateOf(text: string): number {
  return /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}
