import type { RetryBudget } from '@ai-toolkit/rate-limit';
import type { TokenUsage } from '../call-record.js';
import type { Entry } from '../entry.js';
import { AiError } from '../errors.js';
import type { Flight, FlightState } from '../flight/flight.js';
import { type JsonObject, parseJsonObject } from '../json.js';
import type { Provider } from '../providers/provider.js';
import type { Answer, AttemptServices } from './attempt.js';
import { type AnswerStore, commit } from './commit.js';
import type { Endpoint } from './endpoint.js';
import { lookUp } from './lookup.js';
import { ProviderRefusal } from './provider-refusal.js';
import { send } from './send.js';
import { watchStream } from './watch.js';

/** What every flight of a pipeline uses. */
export interface FlightServices extends AttemptServices, AnswerStore {
  readonly endpoint: (provider: Provider) => Promise<Endpoint>;
  readonly maxRetries: number;
  readonly retryBudget: RetryBudget;
}

/** What one flight is to fetch. */
export interface FlightPlan {
  /** Absent on a bypass. */
  readonly key?: string;
  /** A stored answer will do. */
  readonly read: boolean;
  /** Oldest stored answer that will do, ms. */
  readonly maxAgeMs?: number;
  /** Without a stored answer, fail and ask nobody. */
  readonly onlyIfCached: boolean;
  /** The answer may be stored. */
  readonly store: boolean;
  readonly ttlMs?: number;
  readonly tags: readonly string[];
  readonly provider: Provider;
  readonly model: string;
  readonly tenant: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly request: JsonObject;
  readonly idleTimeoutMs: number;
}

/**
 * Brings a flight to its end: from the cache, or by the provider. Never rejects; a failure becomes the flight's.
 * `onSettled` is called when the answer is stored, or will not be, and before the readers are told of its end: who asks
 * again from then on is served by the cache.
 */
export async function fly(
  flight: Flight,
  plan: FlightPlan,
  services: FlightServices,
  onSettled: () => void,
): Promise<void> {
  let end: FlightState;
  try {
    const stored =
      plan.read && plan.key !== undefined ? await lookUp(services.cache, plan.key, plan.maxAgeMs) : undefined;
    if (stored === undefined && plan.onlyIfCached) throw notCached();
    end =
      stored === undefined ? await askProvider(flight, plan, services) : { phase: 'stored', answer: stored };
  } catch (error) {
    const { state } = flight;
    end = { phase: 'failed', error, ...(state.phase === 'streaming' ? { head: state.head } : {}) };
  }
  onSettled();
  flight.advance(end);
}

async function askProvider(flight: Flight, plan: FlightPlan, services: FlightServices): Promise<FlightState> {
  const startedAt = performance.now();
  const sent = await send(flight, plan, services);
  if (sent instanceof ProviderRefusal) return { phase: 'body', head: sent, bytes: sent.body };
  const { answer, lease } = sent;
  try {
    const received = await receive(flight, answer);
    flight.upstreamMs = performance.now() - startedAt;
    const usage = received.body === undefined ? undefined : flight.adapter.usage(received.body);
    if (usage !== undefined) lease.settle(usage);
    if (plan.store && plan.key !== undefined && !flight.superseded && !flight.log.overflowed) {
      const { key, request, ttlMs, tags } = plan;
      const { proven } = received;
      await commit(services, flight.adapter, {
        key,
        request,
        tags,
        entry: entryOf(flight, answer, received, usage),
        ...(proven === undefined ? {} : { body: proven }),
        ...(ttlMs === undefined ? {} : { ttlMs }),
      });
    }
    return usage === undefined ? received.state : { ...received.state, usage };
  } finally {
    // Does nothing after a settlement. Without one, the answer broke off: the provider has counted what was reserved.
    lease.settle();
  }
}

function notCached(): AiError {
  return new AiError(
    'AI_NOT_CACHED',
    'No stored answer fits the request, and it forbids asking the provider.',
    {
      hint: 'Ask once without only-if-cached to have the answer stored.',
    },
  );
}

interface Received {
  readonly state: Extract<FlightState, { phase: 'body' | 'streamed' }>;
  /** The answer as a body, whatever it came as; absent when it makes none. */
  readonly body?: JsonObject;
  /** The same, when nothing speaks against its being whole. */
  readonly proven?: JsonObject;
  readonly bytes: Uint8Array;
}

async function receive(flight: Flight, answer: Answer): Promise<Received> {
  if (answer.shape === 'body') {
    const body = parseJsonObject(Buffer.from(answer.bytes).toString());
    const state = { phase: 'body', head: answer, bytes: answer.bytes } as const;
    return { state, bytes: answer.bytes, ...(body === undefined ? {} : { body, proven: body }) };
  }
  const head = { status: answer.response.status, headers: answer.response.headers };
  const folded = await watchStream(flight, head, answer.response);
  const { body } = folded;
  const whole = folded.terminated && folded.error === undefined;
  return {
    state: { phase: 'streamed', head, folded },
    bytes: flight.log.bytes(),
    ...(body === undefined ? {} : { body }),
    ...(body !== undefined && whole ? { proven: body } : {}),
  };
}

function entryOf(flight: Flight, answer: Answer, { bytes }: Received, usage: TokenUsage | undefined): Entry {
  const { usageEvent } = flight.log;
  return {
    bytes,
    metadata: {
      shape: answer.shape,
      upstreamMs: flight.upstreamMs ?? 0,
      ...(usage === undefined ? {} : { usage }),
      ...(usageEvent === undefined ? {} : { usageEvent }),
    },
  };
}
