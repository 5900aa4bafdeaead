import type { FaultRule } from './faults/fault.js';
import type { SimulatorLimits } from './limits/limits.js';

export interface SimulatorOptions {
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on; 0 takes a free one. Default 0. */
  readonly port?: number;
  /**
   * Names listed by the models routes. A name that ends in `*` is known but not listed: it stands for a family. Default: OpenAI-like,
   * Claude-like and embedding names.
   */
  readonly models?: readonly string[];
  /** Refuse unknown models. Default false: any name is answered. */
  readonly strictModels?: boolean;
  /** Accepted API keys. Default none: no key is needed. */
  readonly apiKeys?: readonly string[];
  /** Another seed gives other answers to the same prompts. Default 0. */
  readonly seed?: number;
  /** Faults active from the start, as text or objects. */
  readonly faults?: readonly (string | FaultRule)[];
  /** Limits enforced from the start. Default none. */
  readonly limits?: SimulatorLimits;
  /** Output pace of every answer. Default: as fast as possible. */
  readonly tokensPerSecond?: number;
  /** How many requests `requests()` remembers. Default 100; 0 keeps none. */
  readonly rememberRequests?: number;
  /** Larger request bodies get a 413. Default 32 MiB. */
  readonly maxBodyBytes?: number;
  /** Returns epoch ms, for limits and timestamps. Default: the system clock at the start of the process, advanced steadily from there. */
  readonly clock?: () => number;
}

export interface ResolvedOptions {
  readonly host: string;
  readonly port: number;
  readonly models: readonly string[];
  readonly strictModels: boolean;
  readonly apiKeys: readonly string[];
  readonly seed: number;
  readonly faults: readonly (string | FaultRule)[];
  readonly limits: SimulatorLimits;
  readonly tokensPerSecond: number | undefined;
  readonly rememberRequests: number;
  readonly maxBodyBytes: number;
  readonly clock: () => number;
}

const DEFAULT_MODELS: readonly string[] = [
  'gpt-5.5',
  'gpt-5.4-mini',
  'gpt-5',
  'gpt-5-mini',
  'gpt-4o',
  'gpt-4o-mini',
  'claude-opus-5-5',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'text-embedding-3-small',
  'text-embedding-3-large',
];
const MAX_PORT = 65_535;
const MAX_SEED = 4_294_967_295;
const MAX_REMEMBERED = 100_000;
const DEFAULT_REMEMBERED = 100;
const DEFAULT_MAX_BODY_BYTES = 33_554_432;

/** A system clock is set back now and then; limits would then refuse everything until it has caught up. */
const steadyNow = (): number => performance.timeOrigin + performance.now();

/** Fills in defaults. Throws a TypeError or RangeError that names the option and the value received. */
export function resolveOptions(options: SimulatorOptions): ResolvedOptions {
  const { host = '127.0.0.1', strictModels = false, clock = steadyNow, tokensPerSecond } = options;
  if (typeof host !== 'string' || host === '')
    throw new TypeError(`The option "host" is an address, not ${show(host)}.`);
  if (typeof strictModels !== 'boolean')
    throw new TypeError(`The option "strictModels" is true or false, not ${show(strictModels)}.`);
  if (typeof clock !== 'function')
    throw new TypeError(`The option "clock" is a function, not ${show(clock)}.`);
  if (tokensPerSecond !== undefined && !(Number.isFinite(tokensPerSecond) && tokensPerSecond > 0))
    throw new RangeError(`The option "tokensPerSecond" is a number > 0, not ${show(tokensPerSecond)}.`);
  return {
    host,
    port: wholeNumber('port', options.port, 0, MAX_PORT),
    models: names('models', options.models, DEFAULT_MODELS),
    strictModels,
    apiKeys: names('apiKeys', options.apiKeys, []),
    seed: wholeNumber('seed', options.seed, 0, MAX_SEED),
    faults: options.faults ?? [],
    limits: options.limits ?? {},
    tokensPerSecond,
    rememberRequests: wholeNumber(
      'rememberRequests',
      options.rememberRequests,
      DEFAULT_REMEMBERED,
      MAX_REMEMBERED,
    ),
    maxBodyBytes: wholeNumber(
      'maxBodyBytes',
      options.maxBodyBytes,
      DEFAULT_MAX_BODY_BYTES,
      Number.MAX_SAFE_INTEGER,
    ),
    clock,
  };
}

function wholeNumber(name: string, value: number | undefined, fallback: number, most: number): number {
  if (value === undefined) return fallback;
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new RangeError(`The option "${name}" is a whole number from 0 to ${most}, not ${show(value)}.`);
  return value;
}

function names(
  name: string,
  value: readonly string[] | undefined,
  fallback: readonly string[],
): readonly string[] {
  if (value === undefined) return fallback;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string' && item !== ''))
    throw new TypeError(`The option "${name}" is an array of non-empty strings.`);
  return value;
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
