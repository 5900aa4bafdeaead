import { type Channel, channel } from 'node:diagnostics_channel';
import type { MissReason, TierState } from './cache-types.js';

/** A lookup was answered: `get`, `lookup`, `peek`, or the first step of `getOrSet`. */
export interface LookupEvent {
  readonly namespace: string;
  readonly key: string;
  readonly status: 'hit' | 'stale' | 'negative' | 'miss';
  /** Tier that had the entry. */
  readonly tier?: string;
  /** Why it was not found. */
  readonly reason?: MissReason;
}

export interface LoadStartEvent {
  readonly namespace: string;
  readonly key: string;
}

export interface LoadEndEvent extends LoadStartEvent {
  readonly durationMs: number;
  /** What the load threw, if it did. */
  readonly error?: unknown;
}

/** An operation failed in a tier; the caller was not affected. */
export interface TierErrorEvent {
  readonly tier: string;
  readonly state: TierState;
  readonly error: unknown;
}

/** A stored entry was found damaged and dropped. */
export interface EntryCorruptEvent {
  readonly tier: string;
  readonly namespace: string;
  readonly key: string;
}

interface TypedChannel<E> {
  readonly hasSubscribers: boolean;
  publish(event: E): void;
}

function typed<E>(name: string): TypedChannel<E> {
  return channel(name) as Channel<unknown, E>;
}

/** All events of this package. Check `hasSubscribers` before building an event. */
export const lookupEnd: TypedChannel<LookupEvent> = typed('core-cache:lookup:end');
export const loadStart: TypedChannel<LoadStartEvent> = typed('core-cache:load:start');
export const loadEnd: TypedChannel<LoadEndEvent> = typed('core-cache:load:end');
export const tierError: TypedChannel<TierErrorEvent> = typed('core-cache:tier:error');
export const entryCorrupt: TypedChannel<EntryCorruptEvent> = typed('core-cache:entry:corrupt');
