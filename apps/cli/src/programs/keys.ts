import { type Command, InvalidArgumentError } from 'commander';
import { manual } from './manual.js';
import { amount, collect, flagsOf, oneOf, positiveNumber } from './parse-options.js';

/** `keys create|list|revoke`. */
export function addKeyCommands(program: Command, done: (code: number) => void): void {
  const keys = program.command('keys').description("create, list and revoke the gateway's API keys");
  manual(keys, {
    examples: ['keys create --name "Team A" --tenant a --rpm 60', 'keys list', 'keys revoke "Team A"'],
    notes: [
      "Clients send the key where they would send the provider's. A running server picks up changes within a second.",
    ],
  });
  const create = keys
    .command('create')
    .description('create a key and print it, this once')
    .requiredOption('-n, --name <name>', 'a name to recognise the key by')
    .option('--tenant <name>', 'tenants share no answers, limits or streams (default: "default")')
    .option(
      '-m, --model <name>',
      'model that the key may use, * matches anything; may be given more than once',
      collect,
      [],
    )
    .option('--rpm <n>', 'requests per minute', positiveNumber)
    .option('--tpm <n>', 'tokens per minute', positiveNumber)
    .option('--budget <usd>', 'US dollars that may be spent; never exceeded', amount)
    .option(
      '--per <period>',
      'period of the budget: day, month or total (default: "month")',
      oneOf('day', 'month', 'total'),
    )
    .option(
      '--unpriced <policy>',
      'requests of unknown price under a budget: refuse or allow (default: "refuse")',
      oneOf('refuse', 'allow'),
    )
    .option('--expires <when>', 'when the key expires: 12h, 30d, or a date such as 2027-01-31', moment)
    .option('--shared-cache <pool>', 'share answers with all keys of this pool, whatever their tenant')
    .option('--admin', 'a key for everything except models')
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
    .option('--all', 'include revoked keys')
    .action(async (options, command: Command) => {
      const { keysList } = await import('../commands/keys.js');
      done(await keysList(options, flagsOf(command)));
    });
  manual(list, { examples: ['keys list', 'keys list --all --json'] });
  const revoke = keys
    .command('revoke')
    .description('revoke a key at once, also for running servers')
    .argument('<id>', 'its id, or its name if no other key has it')
    .action(async (id: string, _options, command: Command) => {
      const { keysRevoke } = await import('../commands/keys.js');
      done(await keysRevoke(id, flagsOf(command)));
    });
  manual(revoke, { examples: ['keys revoke "Team A"', 'keys revoke 7f3k2m'] });
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses a future time: a duration from now, or a date. Epoch, ms. */
function moment(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const at = amount === undefined ? dateOf(text) : Date.now() + Number(amount) * (units[unit] ?? Number.NaN);
  if (!(at > Date.now()))
    throw new InvalidArgumentError('It must be a time in the future, such as 30d or 2027-01-31.');
  return at;
}

function dateOf(text: string): number {
  return /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN;
}
