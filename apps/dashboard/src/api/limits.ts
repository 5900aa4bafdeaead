import type {
  CircuitSnapshot as Circuit,
  CircuitEvent,
  Dimension,
  LimitSnapshot as Limit,
  LimitEvent,
  LimiterSnapshot,
  KeySnapshot as LimitState,
} from '@ai-toolkit/rate-limit';
import { getJson } from './client.js';

export type { Circuit, Dimension, Limit, LimitState };

/** `/api/limits`. `keys`: by `provider:model`. */
export interface LimitsReport extends LimiterSnapshot {
  /** By `provider at base URL`. */
  readonly circuits: Readonly<Record<string, Circuit>>;
  /** The latest first. */
  readonly history: { readonly limits: readonly LimitEvent[]; readonly circuits: readonly CircuitEvent[] };
  /** By the id of the gateway key. */
  readonly gatewayKeys: Readonly<Record<string, LimitState>>;
}

export function fetchLimits(signal: AbortSignal): Promise<LimitsReport> {
  return getJson<LimitsReport>('api/limits', { signal });
}
