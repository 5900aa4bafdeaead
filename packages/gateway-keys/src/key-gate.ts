import {
  type AnyLimiter,
  type KeySnapshot,
  type Lease,
  LimitError,
  type Limits,
} from '@ai-toolkit/rate-limit';
import { periodOf } from './budget-period.js';
import type { Reservation } from './budgets.js';
import { checkDuration, checkNames, checkObject, show } from './check.js';
import type { KeysError } from './errors.js';
import type { GatewayKey } from './gateway-key.js';
import { type Awaitable, andThen } from './key-store.js';
import type { Keyring } from './keyring.js';
import { budgetExhausted, rateLimited, unpriced } from './refusals.js';

export interface KeyGateOptions {
  readonly keyring: Pick<Keyring, 'budgets'>;
  /** Counts each key's requests and tokens under `gateway:<id>`; not adaptive. The caller closes it. */
  readonly limiter: AnyLimiter;
  /** Longest that a request waits for its key's limits, ms. Default 0: it is refused at once. */
  readonly queueMs?: number;
  /** Epoch, ms. Default: `Date.now`. */
  readonly clock?: () => number;
}

/** What a request turned out to cost. */
export interface RequestCost {
  /** Tokens charged; 0 from the cache. Left out if unknown: then the estimate stands. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** US dollars charged; `null` if unknown: then everything set aside counts as spent. */
  readonly usd: number | null;
}

interface Admission {
  readonly lease: Lease | undefined;
  readonly reservation: Reservation | undefined;
}

const knownOptions: Record<keyof KeyGateOptions, true> = {
  keyring: true,
  limiter: true,
  queueMs: true,
  clock: true,
};

/** A day: the longest time to suggest waiting when waiting alone changes nothing. */
const dayMs = 86_400_000;

/** Admits requests within the limits and the budget of their key. */
export class KeyGate {
  readonly #options: KeyGateOptions;
  readonly #clock: () => number;
  /** By the id of the request. Only requests that have something to settle. */
  readonly #admissions = new Map<string, Admission>();
  /** By the id of the request: requests that wait for their key's limits. */
  readonly #waiting = new Map<string, AbortController>();
  /** Keys whose limits have been set on the limiter. */
  readonly #configured = new WeakSet<GatewayKey>();

  /** Throws a `TypeError` or `RangeError` that names the first invalid option. */
  constructor(options: KeyGateOptions) {
    checkNames('KeyGate', options, knownOptions);
    checkObject('keyring.budgets', options.keyring?.budgets, 'reserve');
    checkObject('limiter', options.limiter, 'tryAcquire');
    checkDuration('queueMs', options.queueMs ?? 0);
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  /**
   * Admits a request of the key that may cost at most `worstUsd` (called only if there is a budget; `undefined`: unknown). Its input takes
   * at least `leastTokens` (called only if there is a limit of tokens), however few its key has used so far. `settle` or `cancel` must
   * follow. Returns a promise only if it has to wait for others. Throws, or rejects with, `KEYS_RATE_LIMITED`,
   * `KEYS_BUDGET_EXHAUSTED`, `KEYS_BUDGET_UNPRICED` or `KEYS_UNAVAILABLE`.
   */
  admit(
    key: GatewayKey,
    requestId: string,
    worstUsd: () => number | undefined,
    leastTokens: () => number = none,
  ): Promise<void> | undefined {
    if (key.requestsPerMinute === undefined && key.tokensPerMinute === undefined) {
      return key.budget === undefined ? undefined : this.#reserve(key, requestId, undefined, worstUsd);
    }
    const lease = this.#lease(key, requestId, leastTokens);
    if (!(lease instanceof Promise))
      return this.#reserve(key, requestId, lease ?? this.#refuse(key), worstUsd);
    return lease.then((taken) => this.#reserve(key, requestId, taken ?? this.#refuse(key), worstUsd));
  }

  /** Call when a request has ended. Does nothing for one that is unknown or already settled. */
  settle(requestId: string, { usd, ...tokens }: RequestCost): void {
    const admission = this.#admissions.get(requestId);
    if (admission === undefined) return;
    this.#admissions.delete(requestId);
    const { lease, reservation } = admission;
    try {
      lease?.settle(tokens.inputTokens === undefined ? undefined : tokens);
    } finally {
      if (reservation !== undefined)
        this.#options.keyring.budgets.settle(reservation, usd ?? reservation.usd);
    }
  }

  /** Whether `settle` would do anything for the request. */
  holds(requestId: string): boolean {
    // Asked for every call, and looking up a new string costs more than seeing that the map is empty.
    return this.#admissions.size > 0 && this.#admissions.has(requestId);
  }

  /** Call when a request was not made after all; a waiting one gives up its place, and its `admit` rejects. */
  cancel(requestId: string): void {
    this.#waiting.get(requestId)?.abort(new Error('The request was cancelled.'));
    const admission = this.#admissions.get(requestId);
    if (admission === undefined) return;
    this.#admissions.delete(requestId);
    admission.lease?.release();
    if (admission.reservation !== undefined) this.#options.keyring.budgets.settle(admission.reservation, 0);
  }

  /** Ends all waiting: `admit` rejects with `reason`. */
  giveUp(reason: Error): void {
    for (const leaving of this.#waiting.values()) leaving.abort(reason);
  }

  /** The state of the key's limits; `undefined` if it has none or has not been used. */
  inspect(key: GatewayKey): KeySnapshot | undefined {
    return this.#options.limiter.inspect(limitName(key));
  }

  /** The states of the limits of all keys that have been used, by the id of the key. */
  snapshot(): Readonly<Record<string, KeySnapshot>> {
    const named = Object.entries(this.#options.limiter.snapshot().keys).filter(([name]) =>
      name.startsWith(limitPrefix),
    );
    return Object.fromEntries(named.map(([name, state]) => [name.slice(limitPrefix.length), state]));
  }

  #lease(
    key: GatewayKey,
    requestId: string,
    leastTokens: () => number,
  ): Lease | undefined | Promise<Lease | undefined> {
    const { limiter, queueMs = 0 } = this.#options;
    const name = limitName(key);
    if (!this.#configured.has(key)) {
      limiter.setLimits(name, limitsOf(key));
      this.#configured.add(key);
    }
    // The limiter expects what the key has used on average, which many small requests make small.
    const asked = { key: name, minInputTokens: key.tokensPerMinute === undefined ? 0 : leastTokens() };
    if (queueMs === 0) return limiter.tryAcquire(asked);
    const leaving = new AbortController();
    this.#waiting.set(requestId, leaving);
    return limiter
      .acquire({ ...asked, deadlineMs: queueMs, signal: leaving.signal })
      .catch((error: unknown) => {
        if (LimitError.isInstance(error) && error.code !== 'LIMIT_CLOSED') return undefined;
        throw error;
      })
      .finally(() => this.#waiting.delete(requestId));
  }

  #reserve(
    key: GatewayKey,
    requestId: string,
    lease: Lease | undefined,
    worstUsd: () => number | undefined,
  ): Promise<void> | undefined {
    const giveUp = (error: unknown): never => {
      lease?.release();
      throw error;
    };
    try {
      // If it were overwritten, nobody would give back what the other request has taken.
      if (this.#admissions.has(requestId))
        throw new RangeError(`requestId is that of a request that has not ended: ${show(requestId)}`);
      const reserved = this.#reservation(key, worstUsd);
      if (reserved instanceof Promise)
        return reserved.then(
          (reservation) => void this.#admissions.set(requestId, { lease, reservation }),
          giveUp,
        );
      this.#admissions.set(requestId, { lease, reservation: reserved });
      return undefined;
    } catch (error) {
      return giveUp(error);
    }
  }

  #reservation(key: GatewayKey, worstUsd: () => number | undefined): Awaitable<Reservation | undefined> {
    const { budget } = key;
    if (budget === undefined) return undefined;
    const usd = worstUsd();
    if (usd === undefined && budget.unpriced === 'refuse') throw unpriced(key);
    return andThen(this.#options.keyring.budgets.reserve(key.id, budget, usd ?? 0), (reservation) => {
      if (reservation === undefined) throw this.#exhausted(key, usd ?? 0);
      return reservation;
    });
  }

  #refuse(key: GatewayKey): never {
    const { queue: { depth, expectedWaitMs } = { depth: 0, expectedWaitMs: 0 }, limits = {} } =
      this.inspect(key) ?? {};
    const { queueMs = 0 } = this.#options;
    const wholeMs = Math.max(...Object.values(limits).map(({ resetAt }) => resetAt)) - this.#clock();
    // There may be room for a request of average size, but not for this one.
    const waitMs = expectedWaitMs > 0 ? expectedWaitMs : wholeMs;
    if (queueMs > 0) throw rateLimited(depth, waitMs);
    // Nobody queues here: requests refused beside this one, also by other processes, are not served before it.
    throw rateLimited(0, Math.min(waitMs, wholeMs));
  }

  #exhausted(key: GatewayKey, worstUsd: number): KeysError {
    const { usd = 0, per = 'total' } = key.budget ?? {};
    const now = this.#clock();
    const { spentUsd, heldUsd } = this.#options.keyring.budgets.lastKnownOf(key);
    const { endsAt = now + dayMs } = periodOf(per, now);
    return budgetExhausted(key, worstUsd, Math.max(0, usd - spentUsd - heldUsd), Math.max(1, endsAt - now));
  }
}

function none(): number {
  return 0;
}

const limitPrefix = 'gateway:';

function limitName({ id }: GatewayKey): string {
  return `${limitPrefix}${id}`;
}

/** In a window, as key holders understand a minute: that many at once if they like, but never more in any minute. */
function limitsOf({ requestsPerMinute, tokensPerMinute }: GatewayKey): Limits {
  return {
    algorithm: 'window',
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
  };
}
