import { LimitError, parseRetryAfter, type RetryVerdict, retry } from '@ai-toolkit/rate-limit';
import { AiError } from '../errors.js';
import type { Flight } from '../flight/flight.js';
import { type Attempt, attempt } from './attempt.js';
import type { FlightPlan, FlightServices } from './fly.js';
import { ProviderRefusal } from './provider-refusal.js';

/**
 * Sends a request, again when that may help. Returns the provider's refusal when it is final: the caller gets it as it came.
 * Fails with an `AiError`, a `LimitError` or the reason of the flight's signal.
 */
export async function send(
  flight: Flight,
  plan: FlightPlan,
  services: FlightServices,
): Promise<Attempt | ProviderRefusal> {
  const { provider, model, tenant } = plan;
  const { origin, basePath, query } = await services.endpoint(provider);
  const { adapter } = flight;
  const headers = { ...plan.headers, ...provider.headers, 'content-type': 'application/json', accept: '*/*' };
  const limitKey = `${provider.name}:${model}`;
  const request = {
    upstream: `${provider.name} at ${origin}${basePath}`,
    origin,
    path: basePath + adapter.path + query,
    headers: adapter.upstreamHeaders?.(headers) ?? headers,
    body: plan.body,
    idleTimeoutMs: plan.idleTimeoutMs,
  };
  const turn = { key: limitKey, tenant, signal: flight.signal };
  try {
    return await retry(
      () => {
        flight.attempts++;
        return attempt(request, turn, services, flight.signal);
      },
      {
        classify,
        maxAttempts: services.maxRetries + 1,
        budget: services.retryBudget,
        key: limitKey,
        signal: flight.signal,
      },
    );
  } catch (error) {
    // The provider wants a longer pause than a call may make: its own words say so best.
    const final = error instanceof LimitError ? error.cause : error;
    if (final instanceof ProviderRefusal) return final;
    throw error;
  }
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
