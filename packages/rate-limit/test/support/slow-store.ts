import type { LimitStep, LimitStore, StepReply } from '../../src/shared/limit-store.js';
import type { FakeClock } from './fake-clock.js';

/** A remote store with latency, which can fail. */
export class SlowStore implements LimitStore {
  readonly timeoutMs = 300;
  /** Latency in one direction. */
  latencyMs = 0;
  /** What happens to steps: they arrive, they get lost, their answers get lost, or all fail at once. */
  fate: 'arrives' | 'lost' | 'unanswered' | 'refused' = 'arrives';
  readonly steps: LimitStep[] = [];
  readonly replies: StepReply[] = [];
  readonly #inner: LimitStore;
  readonly #clock: FakeClock;

  constructor(inner: LimitStore, clock: FakeClock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  async step(key: string, step: LimitStep): Promise<StepReply> {
    const { fate } = this;
    this.steps.push(step);
    if (fate === 'refused') throw new Error('refused');
    // Serialised, as over a network.
    const sent = JSON.parse(JSON.stringify(step)) as LimitStep;
    await this.#travel();
    if (fate === 'lost') return new Promise(() => undefined);
    const reply = await this.#inner.step(key, sent);
    if (fate === 'unanswered') return new Promise(() => undefined);
    await this.#travel();
    this.replies.push(reply);
    return JSON.parse(JSON.stringify(reply)) as StepReply;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #travel(): Promise<void> | undefined {
    if (this.latencyMs === 0) return undefined;
    return new Promise((resolve) => void this.#clock.schedule(resolve, this.latencyMs));
  }
}
