import type { MissReport, SecondChances } from '@ai-toolkit/ai-client';
import type { CacheStats } from '@ai-toolkit/core-cache';
import { type AnyLimiter, type Breaker, sumWaits, type Waits } from '@ai-toolkit/rate-limit';
import type { CallCounts } from './call-counter.js';

/** Counters of the provider limits. */
export interface LimitCounts {
  readonly granted: number;
  readonly refused: number;
  readonly shed: number;
  /** 429 responses from providers. */
  readonly rateLimited: number;
  readonly waits: Waits;
}

/** Counters of one process's layers. Plain data, which workers send to each other. */
export interface EffectivenessSample {
  /** When the process started counting. Epoch, ms. */
  readonly since: number;
  readonly calls: CallCounts;
  readonly cache: CacheStats;
  readonly limits: LimitCounts;
  readonly secondChances: SecondChances;
  readonly circuits: { readonly openings: number; readonly open: number };
  readonly misses: MissReport;
}

export function limitCounts(limiter: AnyLimiter): LimitCounts {
  const keys = Object.values(limiter.snapshot().keys);
  const total = (count: (counts: (typeof keys)[number]['counts']) => number): number =>
    keys.reduce((sum, { counts }) => sum + count(counts), 0);
  return {
    granted: total(({ granted }) => granted),
    refused: total(({ refused }) => refused),
    shed: total(({ shed }) => shed),
    rateLimited: total(({ rateLimited }) => rateLimited),
    waits: sumWaits(keys.map(({ waits }) => waits)),
  };
}

export function circuitCounts(breaker: Breaker): EffectivenessSample['circuits'] {
  const circuits = Object.values(breaker.snapshot());
  return {
    openings: circuits.reduce((sum, { openings }) => sum + openings, 0),
    open: circuits.filter(({ state }) => state !== 'closed').length,
  };
}
