const MINUTE_MS = 60_000;

/** What a bucket reports in rate-limit headers. */
export interface BucketState {
  readonly limit: number;
  readonly remaining: number;
  /** Until the bucket is full again, in ms. */
  readonly resetMs: number;
}

/** One enforced amount per minute. Times are epoch ms. */
export interface Bucket {
  /** How long until `amount` can be taken: 0 for now, Infinity for never. */
  waitMs(amount: number, now: number): number;
  take(amount: number, now: number): void;
  state(now: number): BucketState;
  /** Changes the limit. What was taken so far stays taken: as a share of the capacity in a continuous bucket, as an amount in a window. */
  resize(perMinute: number, burstMs: number): void;
}

/** Refills steadily; holds at most `burstMs` of refill, and at least one unit. */
export function createContinuousBucket(perMinute: number, burstMs: number): Bucket {
  let rate = perMinute / MINUTE_MS;
  let capacity = Math.max(1, rate * burstMs);
  let limit = perMinute;
  let level = capacity;
  let seenAt = Number.NEGATIVE_INFINITY;
  const refill = (now: number): void => {
    if (now <= seenAt) return;
    if (seenAt !== Number.NEGATIVE_INFINITY) level = Math.min(capacity, level + (now - seenAt) * rate);
    seenAt = now;
  };
  return {
    waitMs(amount, now) {
      refill(now);
      if (amount <= level) return 0;
      return amount > capacity ? Number.POSITIVE_INFINITY : (amount - level) / rate;
    },
    take(amount, now) {
      refill(now);
      level -= amount;
    },
    state(now) {
      refill(now);
      return { limit, remaining: Math.max(0, Math.floor(level)), resetMs: (capacity - level) / rate };
    },
    resize(newPerMinute, newBurstMs) {
      const share = level / capacity;
      limit = newPerMinute;
      rate = newPerMinute / MINUTE_MS;
      capacity = Math.max(1, rate * newBurstMs);
      level = share * capacity;
    },
  };
}

/** Starts anew at every full minute of the clock. */
export function createWindowBucket(perMinute: number): Bucket {
  let limit = perMinute;
  let used = 0;
  let window = -1;
  const turn = (now: number): number => {
    const current = Math.floor(now / MINUTE_MS);
    if (current > window) {
      window = current;
      used = 0;
    }
    return (window + 1) * MINUTE_MS - now;
  };
  return {
    waitMs(amount, now) {
      const restMs = turn(now);
      if (used + amount <= limit) return 0;
      return amount > limit ? Number.POSITIVE_INFINITY : restMs;
    },
    take(amount, now) {
      turn(now);
      used += amount;
    },
    state(now) {
      const resetMs = turn(now);
      return { limit, remaining: Math.max(0, limit - used), resetMs };
    },
    resize(newPerMinute) {
      limit = newPerMinute;
    },
  };
}
