import { equalJitter } from '../backoff.js';
import { checkClock, checkFunction, checkNames, checkNumber, show } from '../check.js';
import { type Clock, systemClock } from '../clock.js';
import { RecentlyUsed } from '../recently-used.js';
import { circuitOpen } from '../refusals.js';
import { Ring } from '../ring.js';
import { Circuit, type CircuitState } from './circuit.js';

export interface BreakerOptions {
  /** Number of consecutive failures that open a circuit. Default 5. */
  readonly failures?: number;
  /** How long it stays open at first, ms. Doubles with each failed trial. Default 1000. */
  readonly openMs?: number;
  /** Longest time that it stays open without a trial, ms. Default 30000. */
  readonly maxOpenMs?: number;
  /** Called when the circuit of a key opens, is tested, or closes. It must not throw. */
  readonly onChange?: (change: CircuitChange) => void;
  /** Number of keys remembered; beyond it, the one unused for longest is forgotten. Default 10000. */
  readonly maxKeys?: number;
  readonly clock?: Clock;
  /** Returns numbers from 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
}

export interface CircuitChange {
  readonly key: string;
  readonly state: CircuitState;
}

/** A past change of state. */
export interface CircuitEvent extends CircuitChange {
  /** Epoch, ms. */
  readonly at: number;
}

/** The right to make one call. Report its outcome once; further reports do nothing. */
export interface Permit {
  /** The upstream answered, either with a success or with an error that is the caller's fault. */
  succeeded(): void;
  /** The upstream failed: 5xx, no connection, silence. */
  failed(): void;
  /** The call ended without saying anything about the upstream, for example because its caller left. */
  cancelled(): void;
}

export interface CircuitSnapshot {
  readonly state: CircuitState;
  /** Number of consecutive failures. */
  readonly failures: number;
  /** Time until the next trial, ms; 0 if calls are let through. */
  readonly retryAfterMs: number;
  /** How often it has opened, including failed trials. */
  readonly openings: number;
}

/** A circuit breaker for each key: gives a failing upstream a rest, and refuses its callers at once instead of making them wait. */
export interface Breaker {
  /**
   * Lets a call through, or throws a `LimitError` (`LIMIT_CIRCUIT_OPEN`, with `retryAfterMs`) without waiting. When a circuit has been
   * open long enough, one call is let through as a trial; the others are refused until its outcome is known.
   */
  enter(key: string): Permit;
  snapshot(): Readonly<Record<string, CircuitSnapshot>>;
  /** The last 200 changes of state, latest first. */
  history(): readonly CircuitEvent[];
}

const KEPT_CHANGES = 200;

const known: Record<keyof BreakerOptions, true> = {
  failures: true,
  openMs: true,
  maxOpenMs: true,
  onChange: true,
  maxKeys: true,
  clock: true,
  random: true,
};

export function createBreaker(options: BreakerOptions = {}): Breaker {
  checkNames('createBreaker', options, known);
  const { failures = 5, openMs = 1000, maxOpenMs = 30_000, maxKeys = 10_000 } = options;
  const { clock = systemClock, random = Math.random, onChange } = options;
  if (!Number.isInteger(failures) || failures < 1)
    throw new RangeError(`failures must be a whole number above 0, got ${show(failures)}`);
  checkNumber('openMs', openMs);
  checkNumber('maxOpenMs', maxOpenMs);
  checkFunction('onChange', onChange);
  checkFunction('random', random);
  checkClock(clock);
  if (!(openMs > 0)) throw new RangeError(`openMs must be above 0, got ${openMs}`);
  if (!(maxOpenMs >= openMs))
    throw new RangeError(`maxOpenMs must be at least openMs (${openMs}), got ${maxOpenMs}`);
  const circuits = new RecentlyUsed<Circuit>(maxKeys);
  const changes = new Ring<CircuitEvent>(KEPT_CHANGES);

  const circuitOf = (key: string): Circuit =>
    circuits.getOrMake(
      key,
      () =>
        new Circuit({
          failuresToOpen: failures,
          openMs: (openings) => equalJitter(openings, { baseMs: openMs, maxMs: maxOpenMs }, random),
          trialMs: maxOpenMs,
          clock,
          onChange: (state) => {
            changes.push({ at: clock.wallNow(), key, state });
            onChange?.({ key, state });
          },
        }),
    );

  return {
    enter(key) {
      if (typeof key !== 'string' || key === '')
        throw new TypeError(`key must be a non-empty string, got ${show(key)}`);
      const circuit = circuitOf(key);
      const waitMs = circuit.refusedForMs();
      if (waitMs === 0) return circuit.enter();
      // A trial seldom takes as long as it may.
      const retryAfterMs = circuit.state === 'half-open' ? Math.min(waitMs, openMs) : waitMs;
      throw circuitOpen(key, circuit.failures, retryAfterMs);
    },
    snapshot: () =>
      Object.fromEntries(
        Array.from(circuits.entries(), ([key, circuit]) => [
          key,
          {
            state: circuit.state,
            failures: circuit.failures,
            retryAfterMs: circuit.refusedForMs(),
            openings: circuit.openings,
          },
        ]),
      ),
    history: () => changes.latest(),
  };
}
