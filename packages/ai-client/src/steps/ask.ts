import type { RetryBudget } from '@ai-toolkit/rate-limit';
import type { TokenUsage } from '../call-record.js';
import { keptRequest } from '../cassettes/kept-request.js';
import type { Entry, EntryMetadata } from '../entry.js';
import { fingerprint } from '../explain/fingerprint.js';
import type { Flight, FlightState } from '../flight/flight.js';
import type { JsonObject } from '../json.js';
import type { MissLog } from '../misses/miss-log.js';
import type { Mutable } from '../mutable.js';
import { PackedEntry } from '../packed/packed-entry.js';
import type { Provider } from '../providers/provider.js';
import type { SemanticCache } from '../semantic/semantic-cache.js';
import type { SemanticSearch } from '../semantic/semantic-search.js';
import type { FoldedStream, SurfaceAdapter } from '../surfaces/adapter.js';
import { notAnAnswer } from './answer-of.js';
import type { Answer, AttemptServices } from './attempt.js';
import { type AnswerStore, commit } from './commit.js';
import type { Endpoint } from './endpoint.js';
import type { Habit } from './habits.js';
import type { FlightPlan } from './plan.js';
import type { SecondChanceCounts } from './second-chances.js';
import { send } from './send.js';
import { type Target, withBody } from './target.js';
import type { UpstreamResponse } from './transport.js';
import { watchStream } from './watch.js';

/** What the flights of a pipeline share. */
export interface AskServices extends AttemptServices, AnswerStore {
  readonly endpoint: (provider: Provider) => Promise<Endpoint> | Endpoint;
  readonly maxRetries: number;
  readonly retryBudget: RetryBudget;
  /** Habits of upstreams that have any, by upstream and model. */
  readonly habits: Map<string, readonly Habit[]>;
  /** Absent if off. */
  readonly semantic?: SemanticCache;
  /** How long to wait for another process that is making the same call, ms. */
  readonly coalesceWaitMs: number;
  /** Whether calls to providers are forbidden. */
  readonly offline: boolean;
  readonly secondChances: SecondChanceCounts;
  /** Analyses misses; absent if off. */
  readonly misses?: MissLog;
  /** Whether requests are stored with their answers. */
  readonly keepRequests: boolean;
}

/**
 * Asks one provider, stores a complete answer, and returns the final state of the flight. Fails with the provider's `ProviderRefusal`, an
 * `AiError`, a `LimitError` or the reason of the flight's signal. `search` learns what is stored.
 */
export async function ask(
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
  search?: SemanticSearch,
): Promise<FlightState> {
  const startedAt = performance.now();
  const queuedBeforeMs = flight.queuedMs;
  if (services.misses !== undefined && target === plan.targets[0])
    services.misses.note({ target, adapter: flight.adapter, plan, isExpired: flight.hadAnswer });
  const { answer, body, lease } = await send(flight, target, plan, services);
  try {
    const received =
      answer.shape === 'body'
        ? readBody(answer, body)
        : readStream(answer.response, await watchStream(flight, answer.response));
    // Time in the limiter's queue is not the provider's.
    flight.upstreamMs = performance.now() - startedAt - (flight.queuedMs - queuedBeforeMs);
    const usage = received.body === undefined ? undefined : flight.adapter.usage(received.body);
    if (usage !== undefined) lease.settle(usage);
    const proof = proofOf(received, target, flight.adapter);
    if (plan.store && target.key !== undefined && !flight.superseded && !isTooLong(received, flight)) {
      const committed = commit(services, flight.adapter, {
        key: target.key,
        target,
        plan,
        proof,
        makeEntry: () => entryOf(flight, target, plan.body, received, usage, services.keepRequests),
      });
      const kept = typeof committed === 'boolean' ? committed : await committed;
      if (kept) services.misses?.stored(target.key);
      if (kept && proof !== undefined) search?.learn(proof);
    }
    if (usage !== undefined) received.state.usage = usage;
    return received.state;
  } finally {
    // No effect if already settled. Otherwise the answer broke off, and the provider has counted the reservation.
    lease.settle();
  }
}

interface Received {
  readonly state: Mutable<Extract<FlightState, { phase: 'body' | 'streamed' }>>;
  /** The answer as a body, whatever its shape; absent if its events make none. */
  readonly body: JsonObject | undefined;
  /** Whether nothing so far indicates an incomplete answer. */
  readonly whole: boolean;
}

function readBody(answer: Extract<Answer, { shape: 'body' }>, body: JsonObject | undefined): Received {
  if (body === undefined) throw notAnAnswer();
  return { state: { phase: 'body', head: answer, bytes: answer.bytes }, body, whole: true };
}

function readStream({ status, headers }: UpstreamResponse, folded: FoldedStream): Received {
  const head = { status, headers };
  const whole = folded.terminated && folded.error === undefined;
  return { state: { phase: 'streamed', head, folded }, body: folded.body, whole };
}

/** Whether an answer is longer than may be stored. */
function isTooLong({ state }: Received, { log }: Flight): boolean {
  return state.phase === 'body' ? state.bytes.length > log.maxBytes : log.overflowed;
}

/** The body to be judged for completeness. */
function proofOf({ body, whole }: Received, target: Target, adapter: SurfaceAdapter): JsonObject | undefined {
  if (!whole || body === undefined) return undefined;
  return target.provider.omitsFinishReason === true ? (adapter.assumeFinished?.(body) ?? body) : body;
}

function entryOf(
  flight: Flight,
  target: Target,
  body: Uint8Array,
  { state }: Received,
  usage: TokenUsage | undefined,
  keepRequest: boolean,
): Entry {
  const { usageEvent } = flight.log;
  const metadata: Mutable<EntryMetadata> = {
    shape: state.phase === 'body' ? 'body' : 'stream',
    name: flight.answerName,
    upstreamMs: flight.upstreamMs ?? 0,
    fingerprint: fingerprint(target, flight.adapter),
  };
  if (usage !== undefined) metadata.usage = usage;
  if (usageEvent !== undefined) metadata.usageEvent = usageEvent;
  const kept = keepRequest ? keptRequest(withBody(target, body)) : undefined;
  if (kept !== undefined) metadata.scope = kept.scope;
  const rest = kept === undefined ? { metadata } : { metadata, request: kept.request };
  if (state.phase === 'body') return { bytes: state.bytes, ...rest };
  const packed = flight.log.packed();
  return packed === undefined
    ? { bytes: flight.log.bytes(), ...rest }
    : new PackedEntry(packed, flight.log.end, rest);
}
