import { parseArgs } from 'node:util';
import type { SimulatorOptions } from './options.js';

export const USAGE = `Usage: llm-simulator [options]

Serves OpenAI's and Anthropic's wire formats on this machine, answers deterministically without a
language model, and misbehaves on demand. Prints its URL once it listens.

Options:
  --port N               port to listen on (default: a free one)
  --host H               address to listen on (default: 127.0.0.1)
  --api-key K            accept only this API key; may be repeated (default: any or none)
  --model M              list this model, and refuse all that are not listed; may be repeated
  --seed N               another seed gives other answers (default: 0)
  --rpm N                enforce N requests per minute
  --tpm N                enforce N tokens per minute
  --burst-ms N           how much of the limits may be taken at once, in ms of refill (default: 60000)
  --tokens-per-second N  pace of every answer (default: as fast as it goes)
  --fault "DIRECTIVES"   misbehave, e.g. "status=429; retry-after=2000; times=3"; may be repeated
  --help                 show this text

Examples:
  llm-simulator --port 4010
  llm-simulator --rpm 60 --tpm 100000 --tokens-per-second 80
  llm-simulator --fault "probability=0.1; cut-after=5"
`;

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'api-key': { type: 'string', multiple: true },
  model: { type: 'string', multiple: true },
  seed: { type: 'string' },
  rpm: { type: 'string' },
  tpm: { type: 'string' },
  'burst-ms': { type: 'string' },
  'tokens-per-second': { type: 'string' },
  fault: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Options of the simulator from command-line arguments. Throws a TypeError or RangeError naming a bad flag. */
export function parseCommand(args: readonly string[]): SimulatorOptions | 'help' {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.help === true) return 'help';
  const number = (
    flag: 'port' | 'seed' | 'rpm' | 'tpm' | 'burst-ms' | 'tokens-per-second',
  ): number | undefined => {
    const text = values[flag];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value))
      throw new RangeError(`--${flag} is a number, not "${text}".`);
    return value;
  };
  const models = values.model;
  return {
    ...given('port', number('port')),
    ...given('host', values.host),
    ...given('apiKeys', values['api-key']),
    ...given('models', models),
    ...(models === undefined ? {} : { strictModels: true }),
    ...given('seed', number('seed')),
    ...given('tokensPerSecond', number('tokens-per-second')),
    ...given('faults', values.fault),
    limits: {
      ...given('requestsPerMinute', number('rpm')),
      ...given('tokensPerMinute', number('tpm')),
      ...given('burstMs', number('burst-ms')),
    },
  };
}

/** An object with one property, or an empty one if there is no value: options must not be undefined. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  const found: Partial<Record<Key, Value>> = {};
  if (value !== undefined) found[key] = value;
  return found;
}
