import { type Channel, channel } from 'node:diagnostics_channel';
import type { Dimension } from './limits.js';
import type { StoreState } from './shared/store-health.js';

/** A caller has to wait. */
export interface CallQueuedEvent {
  readonly key: string;
  readonly tenant: string;
  readonly priority: number;
  /** How many callers are served first, by current estimate. */
  readonly position: number;
  readonly expectedWaitMs: number;
}

/** A caller was given a lease. */
export interface CallGrantedEvent {
  readonly key: string;
  readonly waitedMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A caller was refused, at once or after waiting; aborts are not refusals. */
export interface CallRefusedEvent {
  readonly key: string;
  /** A `LimitError`. */
  readonly error: Error;
}

/** A 429 closed a key for everyone, or keeps it closed for longer. */
export interface GateClosedEvent {
  readonly key: string;
  readonly forMs: number;
  /** Another process saw the 429. */
  readonly elsewhere: boolean;
}

/** A header reported a new or changed limit, here or in another process. */
export interface LimitLearnedEvent {
  readonly key: string;
  readonly dimension: Dimension;
  readonly limit: number;
  readonly elsewhere: boolean;
}

/** The store was lost or is back. */
export interface StoreChangedEvent {
  readonly state: StoreState;
  /** Why it was lost. */
  readonly error?: unknown;
}

interface TypedChannel<E> {
  readonly hasSubscribers: boolean;
  publish(event: E): void;
}

function typed<E>(name: string): TypedChannel<E> {
  return channel(name) as Channel<unknown, E>;
}

/** All events of this package. Check `hasSubscribers` before building an event. */
export const callQueued: TypedChannel<CallQueuedEvent> = typed('rate-limit:call:queued');
export const callGranted: TypedChannel<CallGrantedEvent> = typed('rate-limit:call:granted');
export const callRefused: TypedChannel<CallRefusedEvent> = typed('rate-limit:call:refused');
export const gateClosed: TypedChannel<GateClosedEvent> = typed('rate-limit:gate:closed');
export const limitLearned: TypedChannel<LimitLearnedEvent> = typed('rate-limit:limit:learned');
export const storeChanged: TypedChannel<StoreChangedEvent> = typed('rate-limit:store:changed');
