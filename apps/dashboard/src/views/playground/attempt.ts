import { type ApiError, errorOf } from '../../api/api-error.js';
import { createEventParser } from '../../api/event-stream.js';
import { askModel, surfacePaths } from '../../api/models.js';
import type { CacheOutcome } from '../../api/usage.js';
import { asApiError } from '../../connection/use-loaded.js';
import { type AnswerPart, readBody, readEvent } from './read-answer.js';
import { bodyOf, headersOf, type PlaygroundRequest } from './request.js';

/** Facts from the head of a response. */
interface AnswerHead {
  readonly status: number;
  readonly requestId: string | null;
  /** Null if the response reports no cache outcome. */
  readonly cache: CacheOutcome | null;
  /** Number of calls to the provider. */
  readonly attempts: number | null;
  /** Cache key of the answer. */
  readonly key: string | null;
  /** Age of a stored answer, seconds. */
  readonly ageSeconds: number | null;
  readonly overheadMs: number | null;
}

interface Problem {
  /** For people, including the hint. */
  readonly message: string;
  readonly status: number | null;
  /** As listed in docs/errors.md. */
  readonly code: string | null;
}

/** A request sent, and what has come back so far. */
export interface Attempt {
  readonly number: number;
  readonly request: PlaygroundRequest;
  /** `stopped`: by the user. */
  readonly state: 'waiting' | 'streaming' | 'done' | 'failed' | 'stopped';
  readonly head: AnswerHead | null;
  readonly text: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** US dollars; null until reported. */
  readonly costUsd: number | null;
  /** From the click to the first text, as measured by this page. */
  readonly firstTextMs: number | null;
  readonly totalMs: number | null;
  readonly problem: Problem | null;
  /** The raw body, up to 200,000 characters. */
  readonly raw: string;
}

const maxRaw = 200_000;

export function beginAttempt(number: number, request: PlaygroundRequest): Attempt {
  return {
    number,
    request,
    state: 'waiting',
    head: null,
    text: '',
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
    firstTextMs: null,
    totalMs: null,
    problem: null,
    raw: '',
  };
}

/** Sends a request and reports each change. `signal` stops it, keeping what has arrived. Never rejects: the attempt holds failures. */
export async function followAttempt(
  begun: Attempt,
  key: string,
  signal: AbortSignal,
  tell: (attempt: Attempt) => void,
): Promise<void> {
  const { request } = begun;
  const startedAt = performance.now();
  let attempt = begun;
  const become = (change: Partial<Attempt>): void => {
    attempt = { ...attempt, ...change };
    tell(attempt);
  };
  const add = (part: AnswerPart): void => {
    const { text = '', problem, ...facts } = part;
    become({
      ...facts,
      state: 'streaming',
      text: attempt.text + text,
      firstTextMs: attempt.firstTextMs ?? (text === '' ? null : performance.now() - startedAt),
      ...(problem === undefined ? {} : { problem: { message: problem, status: null, code: null } }),
    });
  };

  try {
    const headers = headersOf(request);
    const response = await askModel(request.surface, bodyOf(request), { key, headers, signal });
    become({ head: headOf(response), costUsd: numberOf(response.headers.get('x-cost-usd')) });
    if (!response.ok) throw await errorOf(response, surfacePaths[request.surface]);
    await readAll(response, request, add, (raw) => become({ raw: (attempt.raw + raw).slice(0, maxRaw) }));
    become({ state: attempt.problem === null ? 'done' : 'failed' });
  } catch (error) {
    if (signal.aborted) become({ state: 'stopped' });
    else become({ state: 'failed', problem: problemOf(asApiError(error)) });
  }
  become({ totalMs: performance.now() - startedAt });
}

async function readAll(
  response: Response,
  { surface }: PlaygroundRequest,
  add: (part: AnswerPart) => void,
  addRaw: (text: string) => void,
): Promise<void> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const body = await response.text();
    addRaw(body);
    add(readBody(surface, body));
    return;
  }
  if (response.body === null) return;
  const parse = createEventParser();
  for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    addRaw(value);
    for (const { data } of parse(value)) add(readEvent(surface, data));
  }
}

const outcomes: ReadonlySet<string> = new Set<CacheOutcome>([
  'hit',
  'stale',
  'semantic',
  'coalesced',
  'miss',
  'refresh',
  'bypass',
]);

function headOf({ status, headers }: Response): AnswerHead {
  const cache = headers.get('x-cache')?.toLowerCase() ?? '';
  return {
    status,
    requestId: headers.get('x-request-id'),
    cache: outcomes.has(cache) ? (cache as CacheOutcome) : null,
    attempts: numberOf(headers.get('x-attempts')),
    key: headers.get('x-cache-key'),
    ageSeconds: numberOf(headers.get('age')),
    overheadMs: numberOf(headers.get('x-overhead-ms')),
  };
}

function numberOf(text: string | null): number | null {
  return text === null || text === '' ? null : Number(text);
}

function problemOf({ message, status, code }: ApiError): Problem {
  return { message, status: status ?? null, code: code ?? null };
}
