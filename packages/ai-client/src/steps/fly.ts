import { LimitError } from '@ai-toolkit/rate-limit';
import type { Cassettes } from '../cassettes/cassettes.js';
import { AiError } from '../errors.js';
import { offlineMiss } from '../explain/offline-miss.js';
import { streamGone } from '../flight/event-view.js';
import type { Flight, FlightState, StoredAnswer } from '../flight/flight.js';
import type { AskServices } from './ask.js';
import { answerElsewhere, askOnce } from './ask-once.js';
import { limitName } from './limit-name.js';
import { type Looked, lookUp, type Peeked } from './lookup.js';
import type { FlightPlan } from './plan.js';
import { ProviderRefusal } from './provider-refusal.js';
import { isRateLimit } from './send.js';
import { type Target, withBody } from './target.js';

/**
 * Brings a flight to its end, from the cache or a provider. Never rejects: a failure becomes the flight's state. Calls `onSettled` once the
 * answer is stored, or will not be, and before readers learn of the end: a request repeated from then on hits the cache.
 */
export function fly(
  flight: Flight,
  plan: FlightPlan,
  services: AskServices,
  peeked: Peeked,
  onSettled: () => void,
): void {
  const land = (end: FlightState): void => {
    onSettled();
    flight.advance(end);
  };
  void find(flight, plan, services, peeked).then(land, (error: unknown) => {
    const { state } = flight;
    land({ phase: 'failed', error, ...(state.phase === 'streaming' ? { head: state.head } : {}) });
  });
}

/** Tries the targets in order until one has an answer, stored or new. Keeps an expired answer as a last resort. */
async function find(
  flight: Flight,
  plan: FlightPlan,
  services: AskServices,
  peeked: Peeked,
): Promise<FlightState> {
  let spare: { readonly target: Target; readonly answer: StoredAnswer } | undefined;
  let failure: unknown;
  const waiting: Target[] = [...plan.targets];
  for (const [turn, target] of waiting.entries()) {
    flight.target = target;
    const found = storedFor(target, plan, services, turn === 0 ? peeked : undefined);
    const looked = found instanceof Promise ? await found : found;
    const stored = typeof looked === 'object' ? looked : undefined;
    if (stored !== undefined && !stored.stale) return { phase: 'stored', answer: stored };
    if (plan.onlyIfCached) continue;
    if (stored !== undefined && isInGrace(stored, plan)) spare ??= { target, answer: stored };
    if (services.offline) continue;
    const search = services.semantic?.open(flight, plan, target);
    // The semantic search runs only for the first target: later ones are tried because an earlier one failed.
    if (search !== undefined && plan.read && turn === 0) {
      const similar = await search.find();
      if (similar !== undefined) return { phase: 'stored', answer: similar };
    }
    flight.hadAnswer = looked !== 'none';
    // While another target may answer, a pause after a 429 is not waited for. A target skipped for that reason is tried once more at the
    // end.
    const isHasty = turn < plan.targets.length && turn < waiting.length - 1;
    if (isHasty && isPausing(target, services)) {
      waiting.push(target);
      continue;
    }
    const isFallback = failure !== undefined;
    if (isFallback) services.secondChances.fallbacks += 1;
    try {
      const end = await askOnce(flight, target, isHasty ? { ...plan, isHasty } : plan, services, search);
      if (isFallback) services.secondChances.fallbacksPaidOff += 1;
      return end;
    } catch (error) {
      failure = error;
      if (isHasty && isRateLimit(error)) waiting.push(target);
      if (flight.state.phase !== 'waiting' || !isUpstreamsFault(error)) return refused(error);
    }
  }
  if (spare === undefined && plan.resumed) {
    const answer = await answerElsewhere(flight, plan, services);
    if (answer !== undefined) return { phase: 'stored', answer };
  }
  if (spare === undefined && services.offline && !plan.resumed)
    throw await offlineMiss(withBody(plan.targets[0], plan.body), services.cache, services.cassettes);
  if (spare === undefined) return refused(failure ?? nothingStored(plan));
  flight.target = spare.target;
  return { phase: 'stored', answer: spare.answer };
}

/** Passes a provider's refusal to the caller unchanged; rethrows any other failure. */
function refused(failure: unknown): FlightState {
  if (failure instanceof ProviderRefusal)
    return {
      phase: 'body',
      head: { status: failure.status, headers: failure.toldHeaders },
      bytes: failure.body,
    };
  throw failure;
}

function storedFor(
  target: Target,
  plan: FlightPlan,
  services: AskServices,
  peeked: Peeked,
): Promise<Looked> | Looked {
  if (services.cassettes !== undefined) return recordedOrStored(target, plan, services, services.cassettes);
  if (peeked !== undefined) return peeked;
  const { key } = target;
  return plan.read && key !== undefined ? lookUp(services.cache, key, plan.maxAgeMs) : 'none';
}

/** A cassette stands in for the provider, so it is consulted whatever the cache directives. */
async function recordedOrStored(
  target: Target,
  { body, read, maxAgeMs }: FlightPlan,
  { cache }: AskServices,
  cassettes: Cassettes,
): Promise<Looked> {
  const asked = withBody(target, body);
  const recorded = await cassettes.find(asked);
  const { key } = target;
  if (recorded !== undefined || cassettes.mode === 'replay' || !read || key === undefined)
    return recorded ?? 'none';
  const stored = await lookUp(cache, key, maxAgeMs);
  if (typeof stored === 'object' && !stored.stale) cassettes.keep(asked, stored.entry);
  return stored;
}

/** Whether the limiter holds back all calls to it after a 429. */
function isPausing({ provider, model }: Target, { limiter }: AskServices): boolean {
  return limiter.inspect(limitName(provider.name, model))?.gate.state === 'closed';
}

function isInGrace({ ttlMs = 0 }: StoredAnswer, { staleIfErrorMs }: FlightPlan): boolean {
  return -ttlMs <= staleIfErrorMs;
}

/** Statuses that concern the account or model at this provider rather than the request. */
const aboutTheUpstream: ReadonlySet<number> = new Set([401, 402, 403, 404, 408, 409, 429]);

/** Whether another upstream, or the same one later, may succeed. */
function isUpstreamsFault(failure: unknown): boolean {
  if (failure instanceof ProviderRefusal)
    return failure.status >= 500 || aboutTheUpstream.has(failure.status);
  if (LimitError.isInstance(failure)) return failure.code !== 'LIMIT_CLOSED';
  return AiError.isInstance(failure) && (failure.retryable || failure.code === 'AI_RESPONSE_INVALID');
}

function nothingStored({ resumed }: FlightPlan): AiError {
  if (resumed) return streamGone();
  return new AiError(
    'AI_NOT_CACHED',
    'No stored answer fits the request, and it forbids asking the provider.',
    {
      hint: 'Ask once without only-if-cached to have the answer stored.',
    },
  );
}
