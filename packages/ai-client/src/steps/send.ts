import { LimitError, parseRetryAfter, type RetryVerdict, retry } from '@ai-toolkit/rate-limit';
import { asBuffer } from '../as-buffer.js';
import { AiError } from '../errors.js';
import type { Flight } from '../flight/flight.js';
import { isJsonObject } from '../json.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { messagesSurface } from '../surfaces/messages.js';
import type { AskServices } from './ask.js';
import type { Attempt, AttemptRequest } from './attempt.js';
import type { Endpoint } from './endpoint.js';
import { limitName } from './limit-name.js';
import { observed } from './observed.js';
import type { FlightPlan } from './plan.js';
import { ProviderRefusal } from './provider-refusal.js';
import type { Target } from './target.js';
import { jsonHeaders } from './transport.js';

/**
 * Sends a request, again when that may help. Fails with the provider's last `ProviderRefusal`, an `AiError`, a `LimitError` or
 * the reason of the flight's signal.
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

function sendTo(
  endpoint: Endpoint,
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
  isSilent: boolean = services.silentOnUsage.has(endpoint.upstream),
): Promise<Attempt> {
  const request = attemptRequest(flight, target, plan, endpoint, isSilent);
  const { tenant, priority } = plan;
  const turn = { key: limitName(target.provider.name, target.model), tenant, priority };
  const once = (): Promise<Attempt> =>
    observed(plan.exchange, request, flight.adapter, turn, services, flight);
  const first = once();
  // Nearly every call succeeds at once, so what it takes to repeat one is set up for those that fail.
  return first.then(
    (made) => {
      services.retryBudget.deposit(turn.key);
      return made;
    },
    (error: unknown) =>
      !isSilent && refusesUsageRequest(error, target, request)
        ? sendSilent(endpoint, flight, target, plan, services)
        : again(first, once, turn.key, flight.signal, services, plan.isHasty === true),
  );
}

/** Without the question for the usage. Whoever answers then is not asked that any more. */
async function sendSilent(
  endpoint: Endpoint,
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
): Promise<Attempt> {
  const made = await sendTo(endpoint, flight, target, plan, services, true);
  services.silentOnUsage.add(endpoint.upstream);
  return made;
}

/**
 * Some servers take no `stream_options` (Mistral, older versions of Azure), which we ask each stream by and so do many clients. A caller who
 * set another one of them is told of it.
 */
function refusesUsageRequest(
  error: unknown,
  target: Target,
  { streamed, translated }: AttemptRequest,
): boolean {
  if (!(error instanceof ProviderRefusal) || !streamed || translated) return false;
  if (error.status !== 400 && error.status !== 422) return false;
  const { stream_options } = target.request;
  const isUsageAlone =
    !isJsonObject(stream_options) || Object.keys(stream_options).every((name) => name === 'include_usage');
  return isUsageAlone && asBuffer(error.body).includes('stream_options');
}

/** Goes on after the first attempt, which has failed. */
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
        // What opened the circuit under this very call says more than that it is open.
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
    // The provider wants a longer pause than a call may make: its own words say so best.
    throw error instanceof LimitError && error.cause instanceof ProviderRefusal ? error.cause : error;
  }
}

/** The provider is asked in its own words; the answer comes back in those of the caller. */
function attemptRequest(
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  { upstream, origin, basePath, query }: Endpoint,
  isSilent: boolean,
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
    body: askedBody(target, plan, adapter, isSilent),
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
  isSilent: boolean,
): Uint8Array {
  if (translation !== undefined) return Buffer.from(JSON.stringify(translation.body));
  const body = renamed ?? plan.body;
  return isSilent && adapter.withoutUsageRequest !== undefined
    ? adapter.withoutUsageRequest(body, request)
    : adapter.upstreamBody(body, request);
}

function isCircuitOpen(error: unknown): boolean {
  return LimitError.isInstance(error) && error.code === 'LIMIT_CIRCUIT_OPEN';
}

/** Whether a provider has turned a call away, for now, because there were too many. */
export function isRateLimit(error: unknown): boolean {
  return error instanceof ProviderRefusal && error.isRateLimit;
}

/** A silence is not retried: who waited two minutes for nothing should be told, not made to wait for four more. */
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
