import { AiError } from '../errors.js';
import type { CacheMode, CallOptions, Generation } from './ai-client.js';
import { callerBound } from './caller-bound.js';
import { countdown } from './countdown.js';
import type { Message } from './message.js';
import { orAborted } from './or-aborted.js';

/** The result of checking an answer. */
export type Checked<T> =
  | { readonly value: T }
  /** `hint` is set if retrying would not help: what to do instead. */
  | { readonly problem: string; readonly output: string; readonly hint?: string };

/** Options that change from turn to turn of a call. */
export type TurnOptions = Pick<CallOptions, 'cache' | 'timeoutMs'>;

type Bounds = Pick<CallOptions, 'signal' | 'timeoutMs'>;

export interface Question<T> {
  readonly messages: readonly Message[];
  /** Asks the model, with these options overriding the caller's. */
  readonly ask: (messages: readonly Message[], options: TurnOptions) => Promise<Generation>;
  readonly check: (generation: Generation) => Promise<Checked<T>>;
  /** The messages to add to the conversation to get a bad answer corrected. */
  readonly complain: (generation: Generation, problem: string) => readonly Message[];
}

/** A valid answer and the rejected ones before it. */
export interface ValidAnswer<T> {
  readonly value: T;
  readonly generation: Generation;
  readonly rejected: readonly Generation[];
}

interface Failure {
  readonly problem: string;
  readonly output: string;
  readonly hint?: string;
  readonly rejected: readonly Generation[];
}

/**
 * Asks the model; sends an invalid answer back with its problems, up to `repairs` times; then fails with `AI_OUTPUT_INVALID`. Each answer,
 * valid or not, is stored under the key of its own conversation, so that a successful repair is replayed from the cache in full. A failure
 * must not be replayed: if all of its answers came from the cache, the model is asked anew with `refresh`, which replaces them.
 */
export async function askUntilValid<T>(
  question: Question<T>,
  options: TurnOptions & Bounds,
  repairs = 1,
): Promise<ValidAnswer<T>> {
  if (!Number.isInteger(repairs) || repairs < 0) {
    throw new RangeError(`repairs must be a whole number, 0 or more, got ${repairs}`);
  }
  const { mode = 'default' } = options.cache ?? {};
  const left = countdown(options.timeoutMs);
  let answer = await round(question, options, mode, repairs, left);
  if ('problem' in answer && mode === 'default' && answer.rejected.every(isReplay)) {
    answer = await round(question, options, 'refresh', repairs, left);
  }
  if ('problem' in answer) throw invalidOutput(answer);
  return answer;
}

async function round<T>(
  { messages: asked, ask, check, complain }: Question<T>,
  options: TurnOptions & Bounds,
  mode: CacheMode,
  repairs: number,
  left: () => Pick<CallOptions, 'timeoutMs'>,
): Promise<ValidAnswer<T> | Failure> {
  const rejected: Generation[] = [];
  let messages = asked;
  while (true) {
    const generation = await ask(messages, { ...left(), cache: { ...options.cache, mode } });
    const checked = await inTime(check(generation), { ...options, ...left() });
    if ('value' in checked) return { value: checked.value, generation, rejected };
    rejected.push(generation);
    if (checked.hint !== undefined || rejected.length > repairs) return { ...checked, rejected };
    messages = [...messages, ...complain(generation, checked.problem)];
  }
}

/** Bounds a check, which may run the caller's own code. */
async function inTime<T>(checked: Promise<T>, { signal, timeoutMs }: Bounds): Promise<T> {
  if (signal === undefined && timeoutMs === undefined) return checked;
  // Nobody handles a rejection after the caller has left.
  checked.catch(() => undefined);
  const bound = callerBound({
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  try {
    return await orAborted(checked, bound.signal);
  } finally {
    bound.leave(undefined);
  }
}

function isReplay({ cache }: Generation): boolean {
  return cache === 'hit' || cache === 'stale' || cache === 'semantic';
}

function invalidOutput({ problem, output, hint, rejected }: Failure): AiError {
  const times = rejected.length === 1 ? '' : ` (${rejected.length} answers)`;
  return new AiError(
    'AI_OUTPUT_INVALID',
    `The model's answer is not what was asked for${times}: ${problem}`,
    {
      hint: hint ?? 'Describe in the prompt what is wanted, allow more repairs, or ask a stronger model.',
      retryable: hint === undefined,
      output,
    },
  );
}
