import type { RetryBudget } from '@ai-toolkit/rate-limit';
import type { TokenUsage } from '../call-record.js';
import { keptRequest } from '../cassettes/kept-request.js';
import type { Entry } from '../entry.js';
import { fingerprint } from '../explain/fingerprint.js';
import type { Flight, FlightState } from '../flight/flight.js';
import { type JsonObject, parseJsonObject } from '../json.js';
import type { Provider } from '../providers/provider.js';
import type { SemanticCache } from '../semantic/semantic-cache.js';
import type { SemanticSearch } from '../semantic/semantic-search.js';
import type { Answer, AttemptServices } from './attempt.js';
import { type AnswerStore, commit } from './commit.js';
import type { Endpoint } from './endpoint.js';
import type { FlightPlan } from './plan.js';
import { send } from './send.js';
import { type AskedTarget, type Target, withBody } from './target.js';
import { watchStream } from './watch.js';

/** What every flight of a pipeline uses. */
export interface AskServices extends AttemptServices, AnswerStore {
  readonly endpoint: (provider: Provider) => Promise<Endpoint>;
  readonly maxRetries: number;
  readonly retryBudget: RetryBudget;
  /** Absent where it is off. */
  readonly semantic?: SemanticCache;
  /** No provider is asked. */
  readonly offline: boolean;
  /** Requests are kept beside their answers. */
  readonly keepRequests: boolean;
}

/**
 * Asks one provider, stores what is whole, and returns the end of the flight. Fails with the provider's `ProviderRefusal`, an
 * `AiError`, a `LimitError` or the reason of the flight's signal. What is stored is told to `search`.
 */
export async function ask(
  flight: Flight,
  target: Target,
  plan: FlightPlan,
  services: AskServices,
  search?: SemanticSearch,
): Promise<FlightState> {
  const startedAt = performance.now();
  const { answer, lease } = await send(flight, target, plan, services);
  try {
    const received = await receive(flight, answer);
    flight.upstreamMs = performance.now() - startedAt;
    const usage = received.body === undefined ? undefined : flight.adapter.usage(received.body);
    if (usage !== undefined) lease.settle(usage);
    if (plan.store && target.key !== undefined && !flight.superseded && !flight.log.overflowed) {
      const { adapter } = flight;
      const { proven: seen } = received;
      const proven =
        seen !== undefined && target.provider.omitsFinishReason === true
          ? (adapter.assumeFinished?.(seen) ?? seen)
          : seen;
      const asked = withBody(target, plan.body);
      const kept = await commit(services, adapter, {
        key: target.key,
        target: asked,
        request: target.request,
        tags: [`model:${target.model}`, ...plan.tags],
        entry: entryOf(flight, asked, answer, received, usage, services.keepRequests),
        ...(proven === undefined ? {} : { body: proven }),
        ...(plan.ttlMs === undefined ? {} : { ttlMs: plan.ttlMs }),
      });
      if (kept && proven !== undefined) search?.learn(proven);
    }
    return usage === undefined ? received.state : { ...received.state, usage };
  } finally {
    // Does nothing after a settlement. Without one, the answer broke off: the provider has counted what was reserved.
    lease.settle();
  }
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

function entryOf(
  flight: Flight,
  target: AskedTarget,
  answer: Answer,
  { bytes }: Received,
  usage: TokenUsage | undefined,
  keepRequest: boolean,
): Entry {
  const { usageEvent } = flight.log;
  const kept = keepRequest ? keptRequest(target) : undefined;
  return {
    bytes,
    ...(kept === undefined ? {} : { request: kept.request }),
    metadata: {
      shape: answer.shape,
      name: flight.answerName,
      upstreamMs: flight.upstreamMs ?? 0,
      fingerprint: fingerprint(target, flight.adapter),
      ...(kept === undefined ? {} : { scope: kept.scope }),
      ...(usage === undefined ? {} : { usage }),
      ...(usageEvent === undefined ? {} : { usageEvent }),
    },
  };
}
