import { channel } from 'node:diagnostics_channel';
import type { AcquireRequest } from '@ai-toolkit/rate-limit';
import type { ExchangeRequest } from '../exchange.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { type Asker, type Attempt, type AttemptRequest, type AttemptServices, attempt } from './attempt.js';
import { ProviderRefusal } from './provider-refusal.js';

/** One attempt at a provider. The same object is published when the attempt begins, when it is sent, and when it has ended. */
export interface AttemptEvent {
  /** The request it is made for: the one that started the flight. */
  readonly exchange: ExchangeRequest;
  /** Origin of the provider's server, and the path there without its query. */
  readonly origin: string;
  readonly path: string;
  /**
   * Headers for the provider, names in lower case. Subscribers may add more, such as `traceparent`, until it is sent; they are not part of
   * the key.
   */
  readonly headers: Record<string, string>;
  /** HTTP status of the answer; absent if none came. */
  status?: number;
  error?: unknown;
}

/**
 * Events of an attempt: it begins and waits for the limiter, is sent (unless the limiter or breaker refuses), and ends with the head of its
 * answer or a failure.
 */
const started = channel('ai-client:attempt:start');
const sent = channel('ai-client:attempt:send');
const ended = channel('ai-client:attempt:end');

/** Makes an attempt and publishes its progress; no overhead without subscribers. */
export function observed(
  exchange: ExchangeRequest,
  request: AttemptRequest,
  adapter: SurfaceAdapter,
  turn: AcquireRequest,
  services: AttemptServices,
  asker: Asker,
): Promise<Attempt> {
  if (!started.hasSubscribers) return attempt(request, turn, adapter, services, asker);
  const { origin, path, course } = request;
  const event: AttemptEvent = {
    exchange,
    origin,
    path: path.split('?', 1)[0] ?? '',
    headers: { ...request.headers },
  };
  started.publish(event);
  const told: AttemptRequest = {
    ...request,
    headers: event.headers,
    course: {
      turnCame: (waitedMs) => course.turnCame(waitedMs),
      asks() {
        sent.publish(event);
        course.asks();
      },
      answered: () => course.answered(),
    },
  };
  return attempt(told, turn, adapter, services, asker).then(
    (attempt) => {
      const { answer } = attempt;
      event.status = answer.shape === 'body' ? answer.status : answer.response.status;
      ended.publish(event);
      return attempt;
    },
    (error: unknown) => {
      if (error instanceof ProviderRefusal) event.status = error.status;
      event.error = error;
      ended.publish(event);
      throw error;
    },
  );
}
