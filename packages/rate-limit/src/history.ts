import type { Clock } from './clock.js';
import type { LimitError, LimitErrorCode } from './errors.js';
import { Ring } from './ring.js';

/** Something that happened to a key and that an operator may ask about later. */
export type LimitEvent = {
  /** Epoch, ms. */
  readonly at: number;
  readonly key: string;
} & (
  | {
      /** The upstream answered with 429. */
      readonly kind: 'rate-limited';
      /** What it asked for; absent if it named no time. */
      readonly retryAfterMs?: number;
      /** How long nobody is let through. */
      readonly pauseMs: number;
    }
  | {
      /** A call had to wait and was then let through. */
      readonly kind: 'waited';
      readonly waitedMs: number;
    }
  | {
      /** A call was refused here, without asking the upstream. */
      readonly kind: 'refused';
      readonly code: LimitErrorCode;
      readonly retryAfterMs?: number;
    }
);

/** Events kept of each kind, so that frequent kinds do not push out rare ones. */
const KEPT = 200;

/** The latest events of a limiter, a bounded number of each kind. */
export class LimitHistory {
  readonly #clock: Clock;
  readonly #rings = {
    'rate-limited': new Ring<LimitEvent>(KEPT),
    waited: new Ring<LimitEvent>(KEPT),
    refused: new Ring<LimitEvent>(KEPT),
  };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  rateLimited(key: string, pauseMs: number, retryAfterMs: number | undefined): void {
    this.#push({
      at: this.#clock.wallNow(),
      key,
      kind: 'rate-limited',
      pauseMs: Math.ceil(pauseMs),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }

  waited(key: string, waitedMs: number): void {
    this.#push({ at: this.#clock.wallNow(), key, kind: 'waited', waitedMs: Math.round(waitedMs) });
  }

  refused(key: string, { code, retryAfterMs }: LimitError): void {
    this.#push({
      at: this.#clock.wallNow(),
      key,
      kind: 'refused',
      code,
      ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    });
  }

  /** Latest first. */
  latest(): LimitEvent[] {
    return Object.values(this.#rings)
      .flatMap((ring) => ring.latest())
      .sort((a, b) => b.at - a.at);
  }

  #push(event: LimitEvent): void {
    this.#rings[event.kind].push(event);
  }
}
