import { checkDirectives, type DirectiveTable, parseDirectives } from '../directives.js';

/** How a 429 or 5xx says when to come back. `openai` and `anthropic` are the reset headers of those providers. */
export type RetryAfterStyle = 'seconds' | 'date' | 'ms' | 'x-ms' | 'openai' | 'anthropic' | 'none';

const RETRY_AFTER_STYLES: readonly RetryAfterStyle[] = [
  'seconds',
  'date',
  'ms',
  'x-ms',
  'openai',
  'anthropic',
  'none',
];

/** One way to misbehave. Every property is optional; several combine. N counts stream events from 0. */
export interface Fault {
  /** Wait this long before the response head. */
  readonly delayMs?: number;
  /** Wait this long between stream events. */
  readonly chunkDelayMs?: number;
  /** Answer with this HTTP error status. */
  readonly status?: number;
  /** Error type and code of the body, such as `insufficient_quota` or `overloaded_error`. */
  readonly error?: string;
  /** What the retry headers say. Default 1000. */
  readonly retryAfterMs?: number;
  /** Which headers say it. Default: `seconds` with a 429, none otherwise. */
  readonly retryAfterStyle?: readonly RetryAfterStyle[];
  /** Sends `x-should-retry`. */
  readonly shouldRetry?: boolean;
  /** Reset the connection instead of answering. */
  readonly reset?: boolean;
  /** Never answer; the connection stays open. */
  readonly hang?: boolean;
  /** Reset the connection after N events (a body: in its middle). */
  readonly cutAfter?: number;
  /** Go silent after N events (a body: in its middle); the connection stays open. */
  readonly hangAfter?: number;
  /** End the response properly after N events, without the terminal event. */
  readonly endAfter?: number;
  /** Send an error frame after N events, inside the 200, and end. */
  readonly errorAfter?: number;
  /** Send a frame that is not JSON after N events and go on. */
  readonly garbageAfter?: number;
  /** Leave out the terminal event (`[DONE]`, `response.completed`, `message_stop`). */
  readonly noTerminal?: boolean;
  /** Leave the finish reason null. */
  readonly noFinishReason?: boolean;
  /** Leave out the usage. */
  readonly noUsage?: boolean;
  /** Answer without choices, output or content. */
  readonly emptyChoices?: boolean;
  /** Stop half-way as a content filter does. */
  readonly contentFilter?: boolean;
  /** A 200 whose body is an error. */
  readonly errorBody?: boolean;
  /** A complete response whose JSON stops half-way. */
  readonly truncate?: boolean;
  /** Replaces the content type. */
  readonly contentType?: string;
  /** Write every byte alone, or pieces of random size. */
  readonly split?: 'byte' | 'random';
  /** Seed of `split: 'random'`. Default 1. */
  readonly splitSeed?: number;
  /** Put this many stream events into one write. */
  readonly framesPerWrite?: number;
  /** End stream lines with CRLF. */
  readonly crlf?: boolean;
  /** Put a comment line before every stream event. */
  readonly comments?: boolean;
  /** Begin the body with a byte order mark. */
  readonly bom?: boolean;
}

/** A fault with the requests it strikes. */
export interface FaultRule extends Fault {
  /** Only paths that begin with this. */
  readonly path?: string;
  /** Only this model; a `*` at the end matches any rest. */
  readonly model?: string;
  /** Share of the matching requests that are struck, 0 to 1. Default 1. */
  readonly probability?: number;
  /** Seed of the draw. Default 1. */
  readonly seed?: number;
  /** Strike this many requests, then retire. Default: until cleared. */
  readonly times?: number;
}

const MAX_DELAY_MS = 2_147_483_647;

const TABLE: DirectiveTable<keyof FaultRule> = {
  delayMs: { kind: 'count', most: MAX_DELAY_MS },
  chunkDelayMs: { kind: 'count', most: MAX_DELAY_MS },
  status: { kind: 'count', least: 400, most: 599 },
  error: { kind: 'text' },
  retryAfterMs: { kind: 'count' },
  retryAfterStyle: { kind: 'choices', among: RETRY_AFTER_STYLES },
  shouldRetry: { kind: 'flag' },
  reset: { kind: 'flag' },
  hang: { kind: 'flag' },
  cutAfter: { kind: 'count' },
  hangAfter: { kind: 'count' },
  endAfter: { kind: 'count' },
  errorAfter: { kind: 'count' },
  garbageAfter: { kind: 'count' },
  noTerminal: { kind: 'flag' },
  noFinishReason: { kind: 'flag' },
  noUsage: { kind: 'flag' },
  emptyChoices: { kind: 'flag' },
  contentFilter: { kind: 'flag' },
  errorBody: { kind: 'flag' },
  truncate: { kind: 'flag' },
  contentType: { kind: 'text' },
  split: { kind: 'choice', among: ['byte', 'random'] },
  splitSeed: { kind: 'count' },
  framesPerWrite: { kind: 'count', least: 1 },
  crlf: { kind: 'flag' },
  comments: { kind: 'flag' },
  bom: { kind: 'flag' },
  path: { kind: 'text' },
  model: { kind: 'text' },
  probability: { kind: 'share' },
  seed: { kind: 'count' },
  times: { kind: 'count', least: 1 },
};

export const FAULT_HEADER = 'x-simulator-fault';
export const FAULT_INLINE_NAME = 'simulator-fault';
export const NO_FAULT: Fault = {};

/** Parses and checks a rule in its text form (`status=429; retry-after=1500; times=2`) or object form. */
export function readFault(source: string | FaultRule): FaultRule {
  const values = typeof source === 'string' ? parseDirectives(source, TABLE, 'fault') : source;
  return checkDirectives<FaultRule>({ ...values }, TABLE, 'fault');
}
