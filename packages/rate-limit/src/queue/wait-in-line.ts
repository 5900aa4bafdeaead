import type { Lane } from '../lane.js';
import type { Lease } from '../lease.js';
import type { AcquireRequest } from '../limiter-options.js';
import type { Demand } from '../limits.js';
import type { Waiter } from './waiter.js';

export interface Stay {
  readonly lane: Lane;
  readonly demand: Demand;
  readonly request: AcquireRequest;
  /** Monotonic ms. */
  readonly now: number;
  readonly expiresAt: number;
  readonly sequence: number;
  /** Leaves instead of waiting if it cannot be served now. */
  readonly isTrial: boolean;
  /** Called when it has to wait. */
  readonly onQueued: (() => void) | undefined;
  /** Called when it leaves by itself. */
  readonly onLeft: () => void;
}

/** Joins the queue of a lane. Resolves with the lease, or with undefined if a trial does not succeed; rejects if refused. */
export function waitInLine(stay: Stay): Promise<Lease | undefined> {
  const { lane, demand, now, isTrial } = stay;
  const { priority = 0, tenant = '', signal } = stay.request;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      lane.queue.remove(waiter);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      waiter.refuse(signal?.reason);
      stay.onLeft();
    };
    const waiter: Waiter = {
      demand,
      priority,
      tenant,
      enqueuedAt: now,
      expiresAt: stay.expiresAt,
      sequence: stay.sequence,
      isTrial,
      queued: () => {
        try {
          stay.onQueued?.();
        } catch (error) {
          // The callback's error rejects the caller that passed it.
          waiter.refuse(error);
        }
        if (!isTrial) return;
        leave();
        resolve(undefined);
      },
      grant: (grantedAt, stamp) => {
        leave();
        resolve(lane.lease(demand, grantedAt, grantedAt - now, stamp));
      },
      refuse: (reason) => {
        leave();
        // The reason given to an AbortSignal is passed on untouched, error or not.
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors
        reject(reason);
      },
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    lane.queue.push(waiter);
    lane.link?.joined(waiter);
  });
}
