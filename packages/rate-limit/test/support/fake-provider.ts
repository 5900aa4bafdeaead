import type { Limiter } from '../../src/limiter.js';
import type { FakeClock } from './fake-clock.js';

export interface FakeProviderOptions {
  readonly clock: FakeClock;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Capacity of its buckets, as time. */
  readonly burstMs: number;
  /** Which headers it sends. */
  readonly headers: 'openai' | 'retry-after' | 'none';
}

interface Answer {
  readonly ok: boolean;
  readonly headers: Record<string, string>;
}

class Bucket {
  #level: number;
  #at: number;
  perMinute: number;
  readonly #burstMs: number;

  constructor(perMinute: number, burstMs: number, now: number) {
    this.perMinute = perMinute;
    this.#burstMs = burstMs;
    this.#level = this.capacity;
    this.#at = now;
  }

  get capacity(): number {
    return (this.perMinute * this.#burstMs) / 60_000;
  }

  level(now: number): number {
    this.#level = Math.min(this.capacity, this.#level + ((now - this.#at) * this.perMinute) / 60_000);
    this.#at = now;
    return this.#level;
  }

  take(amount: number): void {
    this.#level -= amount;
  }

  msUntil(level: number, now: number): number {
    return Math.max(0, ((level - this.level(now)) * 60_000) / this.perMinute);
  }
}

/** Enforces its limits as providers do: at the arrival of a request, with continuous refill. */
export class FakeProvider {
  readonly #clock: FakeClock;
  readonly #headers: FakeProviderOptions['headers'];
  readonly #buckets: { readonly name: 'requests' | 'tokens'; readonly bucket: Bucket }[] = [];

  constructor(options: FakeProviderOptions) {
    this.#clock = options.clock;
    this.#headers = options.headers;
    const now = options.clock.now();
    const { requestsPerMinute, tokensPerMinute, burstMs } = options;
    if (requestsPerMinute !== undefined) {
      this.#buckets.push({ name: 'requests', bucket: new Bucket(requestsPerMinute, burstMs, now) });
    }
    if (tokensPerMinute !== undefined) {
      this.#buckets.push({ name: 'tokens', bucket: new Bucket(tokensPerMinute, burstMs, now) });
    }
  }

  scale(factor: number): void {
    for (const { bucket } of this.#buckets) {
      bucket.level(this.#clock.now());
      bucket.perMinute *= factor;
    }
  }

  ask(tokens: number): Answer {
    const now = this.#clock.now();
    const costs = this.#buckets.map(({ name, bucket }) => ({
      bucket,
      cost: name === 'requests' ? 1 : tokens,
    }));
    const ok = costs.every(({ bucket, cost }) => bucket.level(now) >= cost);
    if (ok) for (const { bucket, cost } of costs) bucket.take(cost);
    const headers: Record<string, string> = {};
    if (this.#headers === 'openai') {
      for (const { name, bucket } of this.#buckets) {
        headers[`x-ratelimit-limit-${name}`] = String(bucket.perMinute);
        headers[`x-ratelimit-remaining-${name}`] = String(Math.floor(bucket.level(now)));
        headers[`x-ratelimit-reset-${name}`] = `${Math.ceil(bucket.msUntil(bucket.capacity, now))}ms`;
      }
    }
    if (!ok && this.#headers !== 'none') {
      const waitMs = Math.max(...costs.map(({ bucket, cost }) => bucket.msUntil(cost, now)));
      headers['retry-after-ms'] = String(Math.ceil(waitMs));
    }
    return { ok, headers };
  }
}

export interface LoadOptions {
  readonly clock: FakeClock;
  readonly limiter: Limiter;
  readonly provider: FakeProvider;
  readonly callers: number;
  readonly tokens: number;
  /** Latency in one direction, drawn for each message. */
  readonly latencyMs: () => number;
}

/** Callers that each send one request after the other, retrying until answered. */
export class Load {
  answers = 0;
  rejections = 0;
  #running = true;
  readonly #options: LoadOptions;
  readonly #callers: Promise<void>[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
    for (let i = 0; i < options.callers; i++) this.#callers.push(this.#call());
  }

  /** Counts for the next `ms`. */
  async during(ms: number): Promise<{ readonly answers: number; readonly rejections: number }> {
    const before = { answers: this.answers, rejections: this.rejections };
    await this.#options.clock.advance(ms);
    return { answers: this.answers - before.answers, rejections: this.rejections - before.rejections };
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#options.clock.advance(600_000);
    await Promise.all(this.#callers);
  }

  async #call(): Promise<void> {
    const { limiter, provider, tokens } = this.#options;
    const key = 'provider';
    while (this.#running) {
      const lease = await limiter.acquire({ key, inputTokens: tokens, outputTokens: 0 });
      await this.#travel();
      const answer = provider.ask(tokens);
      await this.#travel();
      limiter.observe(key, answer.headers);
      if (answer.ok) {
        limiter.recordSuccess(key);
        lease.settle({ inputTokens: tokens, outputTokens: 0 });
        this.answers += 1;
      } else {
        limiter.recordRateLimit(key, answer.headers);
        lease.release();
        this.rejections += 1;
      }
    }
  }

  #travel(): Promise<void> {
    const { clock, latencyMs } = this.#options;
    return new Promise((resolve) => void clock.schedule(resolve, latencyMs()));
  }
}
