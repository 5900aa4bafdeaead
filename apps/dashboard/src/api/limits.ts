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
  /** Who said it: the configuration, headers of the provider, or the limiter, which felt its way after a 429. */
  readonly source: 'configured' | 'learned' | 'probed';
}

/** Where one model of a provider, or a gateway key, stands. */
export interface LimitState {
  readonly limits: Readonly<Partial<Record<Dimension, Limit>>>;
  readonly concurrency: { readonly limit?: number; readonly used: number };
  readonly queue: { readonly depth: number; readonly tenants: number; readonly expectedWaitMs: number };
  /** While closed, nobody is let through. `opensAt`: epoch, ms. */
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
  /** In a row. */
  readonly failures: number;
  readonly retryAfterMs?: number;
  readonly openings: number;
}

/** What happened to a model of a provider. */
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
  /** Absent where limits are not shared between processes. */
  readonly store?: string;
}

export function fetchLimits(signal: AbortSignal): Promise<LimitsReport> {
  return getJson<LimitsReport>('api/limits', { signal });
}
