import { LimitError, parseRetryAfter, type RetryVerdict, retry } from '@ai-toolkit/rate-limit';
import { AiError } from '../errors.js';
import type { Flight } from '../flight/flight.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { messagesSurface } from '../surfaces/messages.js';
import type { AskServices } from './ask.js';
import type { Attempt, AttemptRequest } from './attempt.js';
import type { Endpoint } from './endpoint.js';
import { type Habit, habitBehind, inHabits, isAboutWords } from './habits.js';
import { limitName } from './limit-name.js';
import { observed } from './observed.js';
import type { FlightPlan } from './plan.js';
import { ProviderRefusal } from './provider-refusal.js';
import type { Target } from './target.js';
import { jsonHeaders } from './transport.js';

/**
 * Sends a request, with retries where they may help. Fails with the provider's last `ProviderRefusal`, an `AiError`, a `LimitError` or the
 * reason of the flight's signal.
 */
export function send(
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
): Promise<Attempt> {
  const endpoint = services.endpoint(target.provider);
  return endpoint instanceof Promise
    ? endpoint.then((known) => sendTo(known, flight, target, plan, services))
    : sendTo(endpoint, flight, target, plan, services);
}

const none: readonly Habit[] = [];
/** Upper bound, since callers choose the model names; beyond it, habits are learned anew. */
const maxHabits = 1000;

function sendTo(
  endpoint: Endpoint,
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
  habits: readonly Habit[] = habitsOf(endpoint, target, services),
): Promise<Attempt> {
  const request = attemptRequest(flight, target, plan, endpoint, habits);
  const { tenant, priority } = plan;
  const turn = { key: limitName(target.provider.name, target.model), tenant, priority };
  const once = (): Promise<Attempt> =>
    observed(plan.exchange, request, flight.adapter, turn, services, flight);
  const first = once();
  // Nearly every call succeeds at once, so the retry machinery is set up only after a failure.
  return first.then(
    (made) => {
      services.retryBudget.deposit(turn.key);
      return made;
    },
    (error: unknown) => {
      const isChat = flight.adapter.surface === 'chat' && !request.translated;
      const habit = isChat
        ? habitBehind(error, { request: target.request, streamed: request.streamed })
        : undefined;
      return habit === undefined || habits.includes(habit)
        ? again(first, once, turn.key, flight.signal, services, plan.isHasty === true)
        : sendOtherwise(endpoint, flight, target, plan, services, [...habits, habit], error);
    },
  );
}

/**
 * Sends the request adapted to new habits. If it succeeds, the upstream's habits are remembered; if it is refused too, the first refusal
 * stands.
 */
async function sendOtherwise(
  endpoint: Endpoint,
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
  habits: readonly Habit[],
  refusal: unknown,
): Promise<Attempt> {
  try {
    const made = await sendTo(endpoint, flight, target, plan, services, habits);
    // Concurrent calls may have found other habits meanwhile.
    const known = habitsOf(endpoint, target, services);
    if (services.habits.size >= maxHabits) services.habits.clear();
    services.habits.set(habitName(endpoint, target), [...new Set([...known, ...habits])]);
    return made;
  } catch (error) {
    throw isAboutWords(error) ? refusal : error;
  }
}

function habitsOf(endpoint: Endpoint, target: Target, { habits }: AskServices): readonly Habit[] {
  return habits.size === 0 ? none : (habits.get(habitName(endpoint, target)) ?? none);
}

function habitName({ upstream }: Endpoint, { model }: Target): string {
  return `${model} of ${upstream}`;
}

/** Retries after the first attempt has failed. */
async function again(
  first: Promise<Attempt>,
  once: () => Promise<Attempt>,
  key: string,
  signal: AbortSignal,
  { secondChances: counts, maxRetries, retryBudget }: AskServices,
  isHasty: boolean,
): Promise<Attempt> {
  let failure: unknown;
  let isRetried = false;
  try {
    const made = await retry(({ attempt: number }) => (number === 1 ? first : once()), {
      classify: (error) => {
        // The failure that opened the circuit is more informative than the open circuit.
        if (!isCircuitOpen(error)) failure = error;
        return isHasty && isRateLimit(error) ? { retry: false } : classify(error);
      },
      maxAttempts: maxRetries + 1,
      budget: retryBudget,
      key,
      signal,
      onRetry: () => {
        counts.retries += 1;
        if (!isRetried) counts.retriedCalls += 1;
        isRetried = true;
      },
    });
    counts.retriesPaidOff += 1;
    return made;
  } catch (error) {
    if (isCircuitOpen(error)) throw failure ?? error;
    // The provider asks for a longer pause than a call may make: its own refusal tells the caller best.
    throw error instanceof LimitError && error.cause instanceof ProviderRefusal ? error.cause : error;
  }
}

/** The request in the provider's wire format; the answer is translated back to the caller's. */
function attemptRequest(
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  { upstream, origin, basePath, query }: Endpoint,
  habits: readonly Habit[],
): AttemptRequest {
  const { provider, translation } = target;
  const { adapter } = flight;
  const spoken = translation === undefined ? adapter : messagesSurface;
  const headers = { ...plan.headers, ...provider.headers, ...jsonHeaders };
  return {
    upstream,
    origin,
    path: basePath + spoken.path + query,
    headers: spoken.upstreamHeaders?.(headers) ?? headers,
    body: askedBody(target, plan, adapter, habits),
    translated: translation !== undefined,
    streamed: adapter.isStreamed(target.request),
    idleTimeoutMs: plan.exchange.idleTimeoutMs ?? target.idleTimeoutMs ?? plan.idleTimeoutMs,
    course: flight,
  };
}

function askedBody(
  { renamed, request, translation }: Target,
  plan: FlightPlan,
  adapter: SurfaceAdapter,
  habits: readonly Habit[],
): Uint8Array {
  if (translation !== undefined) return Buffer.from(JSON.stringify(translation.body));
  const body = renamed ?? plan.body;
  return habits.length === 0 ? adapter.upstreamBody(body, request) : inHabits(body, request, habits, adapter);
}

function isCircuitOpen(error: unknown): boolean {
  return LimitError.isInstance(error) && error.code === 'LIMIT_CIRCUIT_OPEN';
}

/** Whether a provider temporarily refused a call because there were too many. */
export function isRateLimit(error: unknown): boolean {
  return error instanceof ProviderRefusal && error.isRateLimit;
}

/** Timeouts are not retried: after two minutes of silence, the caller should get an error, not wait for four more. */
function classify(error: unknown): RetryVerdict {
  if (error instanceof ProviderRefusal) {
    const retryAfterMs = parseRetryAfter(error.headers, { now: Date.now() });
    return {
      retry: error.retryable,
      kind: error.isRateLimit ? 'rate-limit' : 'failure',
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  return { retry: AiError.isInstance(error) && error.retryable && error.code !== 'AI_TIMEOUT' };
}
