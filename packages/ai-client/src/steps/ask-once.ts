import type { Flight, FlightState, StoredAnswer } from '../flight/flight.js';
import type { SemanticSearch } from '../semantic/semantic-search.js';
import { type AskServices, ask } from './ask.js';
import { storedAnswer } from './lookup.js';
import type { FlightPlan } from './plan.js';
import type { Target } from './target.js';

/**
 * Asks a provider, unless another process on the same cache is already making the same call: then waits for its answer, up to
 * `coalesceWaitMs`. Fails like `ask`.
 */
export function askOnce(
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
  search?: SemanticSearch,
): Promise<FlightState> {
  const { key } = target;
  if (services.coalesceWaitMs === 0 || key === undefined || !plan.read || !plan.store)
    return ask(flight, target, plan, services, search);
  return askUnlessClaimed(flight, target, key, plan, services, search);
}

async function askUnlessClaimed(
  flight: Flight,
  target: Target,
  key: string,
  plan: FlightPlan,
  services: AskServices,
  search: SemanticSearch | undefined,
): Promise<FlightState> {
  const { cache, coalesceWaitMs } = services;
  const claim = await cache.claim(key, { waitMs: coalesceWaitMs, signal: flight.signal });
  try {
    const answer = claim.found && storedAnswer(claim.found, plan.maxAgeMs);
    return answer === undefined
      ? await ask(flight, target, plan, services, search)
      : { phase: 'stored', answer };
  } finally {
    void claim.end();
  }
}

/**
 * Waits for the answer that another process on the same cache is fetching, to resume a stream that began there. `undefined` if there is
 * none, or it is not complete in time.
 */
export async function answerElsewhere(
  flight: Flight,
  { targets: [{ key }], read, maxAgeMs }: FlightPlan,
  { cache, coalesceWaitMs }: AskServices,
): Promise<StoredAnswer | undefined> {
  if (coalesceWaitMs === 0 || key === undefined || !read) return undefined;
  const claim = await cache.claim(key, { waitMs: coalesceWaitMs, signal: flight.signal });
  void claim.end();
  return claim.found && storedAnswer(claim.found, maxAgeMs);
}
