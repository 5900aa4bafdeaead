import { getJson } from './client.js';

export type Dimension =
  | 'requestsPerMinute'
  | 'requestsPerDay'
  | 'inputTokensPerMinute'
  | 'outputTokensPerMinute'
  | 'tokensPerMinute';

export interface Limit {
  readonly limit: number;
  readonly used: number;
  readonly left: number;
  /** Epoch, ms. */
  readonly resetAt: number;
  /** Where it comes from: the configuration, the provider's headers, or the limiter's own probing after a 429. */
  readonly source: 'configured' | 'learned' | 'probed';
}

/** State of the limits of a provider's model, or of a gateway key. */
export interface LimitState {
  readonly limits: Readonly<Partial<Record<Dimension, Limit>>>;
  readonly concurrency: { readonly limit?: number; readonly used: number };
  readonly queue: { readonly depth: number; readonly tenants: number; readonly expectedWaitMs: number };
  /** While closed, no call passes. `opensAt`: epoch, ms. */
  readonly gate: { readonly state: 'open' } | { readonly state: 'closed'; readonly opensAt: number };
  readonly pressure: 'none' | 'queueing' | 'shedding' | 'refusing';
  readonly counts: {
    readonly granted: number;
    readonly refused: number;
    readonly shed: number;
    readonly rateLimited: number;
    readonly failed: number;
  };
  readonly waits: { readonly count: number; readonly totalMs: number; readonly longestMs: number };
}

type CircuitState = 'closed' | 'open' | 'half-open';

export interface Circuit {
  readonly state: CircuitState;
  /** Consecutive failures. */
  readonly failures: number;
  readonly retryAfterMs?: number;
  readonly openings: number;
}

/** An event of the limits of a provider's model. */
type LimitEvent = { readonly at: number; readonly key: string } & (
  | { readonly kind: 'rate-limited'; readonly retryAfterMs?: number; readonly pauseMs: number }
  | { readonly kind: 'waited'; readonly waitedMs: number }
  | { readonly kind: 'refused'; readonly code: string; readonly retryAfterMs?: number }
);

interface CircuitEvent {
  readonly at: number;
  /** As in `circuits`. */
  readonly key: string;
  readonly state: CircuitState;
}

/** `/api/limits` */
export interface LimitsReport {
  /** By `provider:model`. */
  readonly keys: Readonly<Record<string, LimitState>>;
  /** By `provider at base URL`. */
  readonly circuits: Readonly<Record<string, Circuit>>;
  /** The latest first. */
  readonly history: { readonly limits: readonly LimitEvent[]; readonly circuits: readonly CircuitEvent[] };
  /** By the id of the gateway key. */
  readonly gatewayKeys: Readonly<Record<string, LimitState>>;
  /** Absent if limits are not shared between processes. */
  readonly store?: string;
}

export function fetchLimits(signal: AbortSignal): Promise<LimitsReport> {
  return getJson<LimitsReport>('api/limits', { signal });
}
