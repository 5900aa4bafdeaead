import { AiError } from '../errors.js';
import type { CacheMode, CallOptions, Generation } from './ai-client.js';
import { callerBound } from './caller-bound.js';
import { countdown } from './countdown.js';
import type { Message } from './message.js';
import { orAborted } from './or-aborted.js';

/** An answer that was checked. */
export type Checked<T> =
  | { readonly value: T }
  /** `hint`: asking again would not help; this might. */
  | { readonly problem: string; readonly output: string; readonly hint?: string };

/** What is different for each turn of a call. */
export type TurnOptions = Pick<CallOptions, 'cache' | 'timeoutMs'>;

type Bounds = Pick<CallOptions, 'signal' | 'timeoutMs'>;

export interface Question<T> {
  readonly messages: readonly Message[];
  /** Asks with these options in place of the caller's own. */
  readonly ask: (messages: readonly Message[], options: TurnOptions) => Promise<Generation>;
  readonly check: (generation: Generation) => Promise<Checked<T>>;
  /** What is added to the conversation to have a bad answer made good. */
  readonly complain: (generation: Generation, problem: string) => readonly Message[];
}

/** A valid answer and what it took. */
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
 * Asks, and asks again with what is wrong, up to `repairs` times; then fails with `AI_OUTPUT_INVALID`.
 *
 * Each answer is stored under the key of its own question, the bad ones too: a repair is another conversation, and when it
 * succeeded, both are replayed for nothing. What must not be replayed is a failure: one that came from the cache alone is
 * asked anew, past the cache, and what comes replaces it.
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

/** A check may be the caller's own work, and take its time. */
async function inTime<T>(checked: Promise<T>, { signal, timeoutMs }: Bounds): Promise<T> {
  if (signal === undefined && timeoutMs === undefined) return checked;
  // Whoever has left does not hear how it ended.
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
  return cache === 'hit' || cache === 'stale';
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
