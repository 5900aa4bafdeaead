import type { LimitState, LimitsReport } from '../../../src/api/limits.js';

/** A model without current calls. */
export function limitState(part: Partial<LimitState> = {}): LimitState {
  return {
    limits: {},
    learned: false,
    concurrency: { used: 0 },
    queue: { depth: 0, tenants: 0, expectedWaitMs: 0 },
    gate: { state: 'open' },
    pressure: 'none',
    counts: { granted: 0, refused: 0, shed: 0, rateLimited: 0, failed: 0 },
    waits: { count: 0, totalMs: 0, longestMs: 0, buckets: [] },
    ...part,
  };
}

export function limitsReport(part: Partial<LimitsReport> = {}): LimitsReport {
  return { keys: {}, circuits: {}, history: { limits: [], circuits: [] }, gatewayKeys: {}, ...part };
}
