import { BaseLimiter } from './base-limiter.js';
import type { Lease } from './lease.js';
import type { Limiter } from './limiter.js';
import type { AcquireRequest } from './limiter-options.js';

/** Counts alone, in memory. */
export class LocalLimiter extends BaseLimiter implements Limiter {
  tryAcquire(request: AcquireRequest): Lease | undefined {
    request.signal?.throwIfAborted();
    const lane = this.enter(request);
    const demand = lane.demandOf(request);
    const lease = this.room.tryEnter(lane, demand);
    if (lease === undefined) this.room.checkSize(lane, demand);
    return lease;
  }

  protected opened(): void {
    // There is no store to connect it to.
  }
}
