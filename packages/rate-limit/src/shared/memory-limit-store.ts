import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../clock.js';
import { KeyState } from './key-state.js';
import type { LimitStep, LimitStore, StepReply } from './limit-store.js';
import { IDLE_TTL_MS, IDLE_TTL_WITH_DAY_MS } from './store-rules.js';

interface Kept {
  readonly state: KeyState;
  /** Monotonic ms. */
  readonly beganAt: number;
  usedAt: number;
  ttlMs: number;
}

/** Least time between two searches for idle keys. */
const SWEEP_MS = 60_000;

/** Keeps limits in the memory of this process. */
export class MemoryLimitStore implements LimitStore {
  readonly #clock: Clock;
  readonly #keys = new Map<string, Kept>();
  #sweptAt = 0;
  #isClosed = false;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  step(key: string, step: LimitStep): Promise<StepReply> {
    if (this.#isClosed) return Promise.reject(new Error('The store is closed.'));
    const now = this.#clock.now();
    this.#sweep(now);
    const kept = this.#keys.get(key) ?? this.#open(key, now);
    kept.usedAt = now;
    const reply = kept.state.step(step, now - kept.beganAt);
    const idleMs = reply.limits.requestsPerDay === undefined ? IDLE_TTL_MS : IDLE_TTL_WITH_DAY_MS;
    kept.ttlMs = idleMs + reply.gateMs;
    return Promise.resolve(reply);
  }

  /** These processes are known to be gone: what they had open is free at once. */
  leave(processes: Iterable<string>): void {
    for (const process of processes) for (const { state } of this.#keys.values()) state.leave(process);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#keys.clear();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(key: string, now: number): Kept {
    const kept: Kept = { state: new KeyState(randomUUID()), beganAt: now, usedAt: now, ttlMs: IDLE_TTL_MS };
    this.#keys.set(key, kept);
    return kept;
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    for (const [key, { usedAt, ttlMs }] of this.#keys) if (now - usedAt > ttlMs) this.#keys.delete(key);
  }
}
