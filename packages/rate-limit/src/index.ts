export {
  type Breaker,
  type BreakerOptions,
  type CircuitChange,
  type CircuitEvent,
  type CircuitSnapshot,
  createBreaker,
  type Permit,
} from './breaker/breaker.js';
export type { CircuitState } from './breaker/circuit.js';
export type {
  CallGrantedEvent,
  CallQueuedEvent,
  CallRefusedEvent,
  GateClosedEvent,
  LimitLearnedEvent,
  StoreChangedEvent,
} from './channels.js';
export { type Clock, systemClock } from './clock.js';
export type { LimitSource } from './effective-limits.js';
export { LimitError, type LimitErrorCode, type LimitErrorOptions } from './errors.js';
export type { GateReason } from './gate.js';
export type { HeaderSource } from './headers/header-source.js';
export {
  type HeaderLimit,
  parseRateLimitHeaders,
  type RateLimitHeaders,
} from './headers/rate-limit-headers.js';
export { type HeaderClock, parseRetryAfter } from './headers/retry-after.js';
export type { LimitEvent } from './history.js';
export type { Lease, Usage } from './lease.js';
export { type AnyLimiter, createLimiter, type Limiter, type SharedLimiter } from './limiter.js';
export type {
  AcquireRequest,
  LimiterOptions,
  QueueOptions,
  QueuePlace,
  SharedLimiterOptions,
} from './limiter-options.js';
export type { Dimension, Limits } from './limits.js';
export {
  type RetryAttempt,
  type RetryNotice,
  type RetryOptions,
  type RetryVerdict,
  retry,
} from './retry/retry.js';
export { createRetryBudget, type RetryBudget, type RetryBudgetOptions } from './retry/retry-budget.js';
export type { LimitStore } from './shared/limit-store.js';
export type { StoreState } from './shared/store-health.js';
export type { KeySnapshot, LimiterSnapshot, LimitSnapshot, Pressure } from './snapshot.js';
export { sumWaits, type Waits, waitPercentile } from './waits.js';
