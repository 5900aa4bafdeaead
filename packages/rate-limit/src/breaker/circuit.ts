import type { Clock } from '../clock.js';
import type { Permit } from './breaker.js';

/** `closed` lets calls through; `open` refuses them; `half-open` waits for the outcome of one trial. */
export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitOptions {
  readonly failuresToOpen: number;
  /** How long to stay open; `openings` counts the consecutive ones, from 1. */
  readonly openMs: (openings: number) => number;
  /** How long a trial may take before another one is made alongside it, ms. */
  readonly trialMs: number;
  readonly clock: Clock;
  readonly onChange: (state: CircuitState) => void;
}

/** The circuit of one upstream. */
export class Circuit {
  failures = 0;
  /** How often it has opened, ever. */
  openings = 0;
  readonly #options: CircuitOptions;
  #state: CircuitState = 'closed';
  /** When the next trial may be made, while not closed; monotonic ms. */
  #trialAt = 0;
  #openingsInARow = 0;
  /** Counts state changes: the outcome of a call matters only in the state in which it began. */
  #era = 0;

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** 0 when a call may be made now; else the ms until the next trial. */
  refusedForMs(): number {
    return this.#state === 'closed' ? 0 : Math.max(0, this.#trialAt - this.#options.clock.now());
  }

  enter(): Permit {
    if (this.#state !== 'closed') {
      // A trial that hangs must not keep everyone out forever.
      this.#trialAt = this.#options.clock.now() + this.#options.trialMs;
      this.#become('half-open');
    }
    return new OpenPermit(this, this.#era);
  }

  /** Records the outcome of a call that began in `era`; outcomes from before a state change are ignored. */
  told(outcome: 'succeeded' | 'failed' | 'cancelled', era: number): void {
    if (era !== this.#era) return;
    if (outcome === 'failed') {
      this.failures += 1;
      if (this.#state === 'half-open' || this.failures >= this.#options.failuresToOpen) this.#open();
    } else if (outcome === 'succeeded') {
      this.failures = 0;
      this.#openingsInARow = 0;
      if (this.#state !== 'closed') this.#become('closed');
    } else if (this.#state === 'half-open') {
      // The next caller makes the trial instead.
      this.#trialAt = this.#options.clock.now();
    }
  }

  #open(): void {
    this.openings += 1;
    this.#openingsInARow += 1;
    this.#trialAt = this.#options.clock.now() + this.#options.openMs(this.#openingsInARow);
    this.#become('open');
  }

  #become(state: CircuitState): void {
    const changed = state !== this.#state;
    this.#state = state;
    this.#era += 1;
    if (changed) this.#options.onChange(state);
  }
}

class OpenPermit implements Permit {
  readonly #era: number;
  #circuit: Circuit | undefined;

  constructor(circuit: Circuit, era: number) {
    this.#circuit = circuit;
    this.#era = era;
  }

  succeeded(): void {
    this.#tell('succeeded');
  }

  failed(): void {
    this.#tell('failed');
  }

  cancelled(): void {
    this.#tell('cancelled');
  }

  /** Only the first report counts. */
  #tell(outcome: 'succeeded' | 'failed' | 'cancelled'): void {
    const circuit = this.#circuit;
    this.#circuit = undefined;
    circuit?.told(outcome, this.#era);
  }
}
