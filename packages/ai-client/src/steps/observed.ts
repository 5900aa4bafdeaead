import { channel } from 'node:diagnostics_channel';
import type { AcquireRequest } from '@ai-toolkit/rate-limit';
import type { ExchangeRequest } from '../exchange.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { type Asker, type Attempt, type AttemptRequest, type AttemptServices, attempt } from './attempt.js';
import { ProviderRefusal } from './provider-refusal.js';

/** One try at a provider. The same object is published when it begins, when it is sent, and when it has ended. */
export interface AttemptEvent {
  /** The request that it is made for: that of whoever asked first. */
  readonly exchange: ExchangeRequest;
  /** Origin of the provider's server, and the path there without a query. */
  readonly origin: string;
  readonly path: string;
  /** For the provider, names in lower case. Until it is sent more may be added, such as `traceparent`; none is part of the key. */
  readonly headers: Record<string, string>;
  /** HTTP status of the answer; absent when none came. */
  status?: number;
  error?: unknown;
}

/** An attempt begins: it waits for its turn, is sent (unless it is refused a turn), and ends, with the head of its answer or in failure. */
const started = channel('ai-client:attempt:start');
const sent = channel('ai-client:attempt:send');
const ended = channel('ai-client:attempt:end');

/** Makes an attempt and publishes how it goes; does nothing else when nobody listens. */
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
