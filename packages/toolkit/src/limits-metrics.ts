import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AnyLimiter, Breaker, CallGrantedEvent } from '@ai-toolkit/rate-limit';
import type { LimitsSample } from '@ai-toolkit/usage';

const granted = 'rate-limit:call:granted';
/** Gateway keys wait for their own limits, not for those of a provider. */
const gatewayPrefix = 'gateway:';

/** State of queues and circuits, for metrics. */
export function limitsSample(limiter: AnyLimiter, breaker: Breaker): LimitsSample {
  let queued = 0;
  let rateLimited = 0;
  for (const { queue, counts } of Object.values(limiter.snapshot().keys)) {
    queued += queue.depth;
    rateLimited += counts.rateLimited;
  }
  const circuits = Object.entries(breaker.snapshot()).map(([upstream, { state }]) => [upstream, state]);
  return { queued, rateLimited, circuits: Object.fromEntries(circuits) as LimitsSample['circuits'] };
}

/** Reports the waiting time of each call that had to wait for a provider limit, ms, until the returned function is called. */
export function watchWaits(told: (waitedMs: number) => void): () => void {
  const listener = (event: unknown): void => {
    const { key, waitedMs } = event as CallGrantedEvent;
    if (waitedMs > 0 && !key.startsWith(gatewayPrefix)) told(waitedMs);
  };
  subscribe(granted, listener);
  return () => void unsubscribe(granted, listener);
}
