import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Metrics } from '@ai-toolkit/usage';
import type { AnsweredRequest } from './gateway/refuse.js';

const answered = 'server:request:answered';

/** Counts each request that was turned away, by its reason. Returns the way to stop. */
export function countRefusals({ observeRefusal }: Pick<Metrics, 'observeRefusal'>): () => void {
  const listener = (event: unknown): void => {
    const { reason } = event as AnsweredRequest;
    if (reason !== undefined) observeRefusal(reason);
  };
  subscribe(answered, listener);
  return () => void unsubscribe(answered, listener);
}
