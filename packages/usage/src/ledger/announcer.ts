import type { CallRecord } from '@ai-toolkit/ai-client';
import { accountAll, type LedgerCall } from '../accounting.js';
import type { PriceTable } from '../prices/price-table.js';

/** Delivers calls to listeners in a later turn of the event loop, so that the caller's request does not wait for them. */
export interface Announcer {
  announce(call: CallRecord): void;
  subscribe(listener: (call: LedgerCall) => void): () => void;
  close(): void;
}

export function createAnnouncer(prices: PriceTable): Announcer {
  const subscriptions = new Set<{ readonly listener: (call: LedgerCall) => void }>();
  let waiting: CallRecord[] = [];

  function deliver(): void {
    const calls = waiting;
    waiting = [];
    for (const call of accountAll(calls, prices)) {
      for (const subscription of subscriptions) {
        try {
          subscription.listener(call);
        } catch {
          subscriptions.delete(subscription); // A failing listener must not affect calls or other listeners.
        }
      }
    }
  }

  return {
    announce(call) {
      if (subscriptions.size === 0) return;
      if (waiting.push(call) === 1) setImmediate(deliver);
    },
    subscribe(listener) {
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => {
        subscriptions.delete(subscription);
      };
    },
    close: () => subscriptions.clear(),
  };
}
