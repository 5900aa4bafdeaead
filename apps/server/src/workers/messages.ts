import type { Config, LoadedConfig, Paths } from '@ai-toolkit/toolkit';
import type { LedgerCall } from '@ai-toolkit/usage';
import type { Greeting } from '../greeting.js';

/** What a worker can be asked about itself. */
export type Topic = 'metrics' | 'cache' | 'limits' | 'effectiveness' | 'flush';

/** What a worker is to serve. Sent over the IPC channel, since the configuration contains provider keys. */
export interface StartOrder {
  readonly config: Config;
  readonly paths: Paths;
  readonly sources: LoadedConfig['sources'];
  readonly host: string;
  readonly port: number;
  /** How many workers there are. */
  readonly workers: number;
}

/** A worker as listed by `/api/info`. */
export interface WorkerInfo {
  readonly pid: number;
  /** Epoch, ms. */
  readonly startedAt: number;
  /** How often the worker in this place was restarted. */
  readonly restarts: number;
  readonly state: 'starting' | 'ready';
}

/** From a worker to its parent. */
export type FromWorker =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'ready'; readonly greeting: Greeting }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'ask'; readonly id: number; readonly topic: Topic | 'workers' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  /** Subscribes to, or unsubscribes from, calls as they end in all workers. */
  | { readonly kind: 'listen'; readonly on: boolean }
  | { readonly kind: 'call'; readonly call: LedgerCall };

/** From the parent to a worker. */
export type FromParent =
  | { readonly kind: 'start'; readonly order: StartOrder }
  | { readonly kind: 'stop' }
  | { readonly kind: 'question'; readonly id: number; readonly topic: Topic }
  | { readonly kind: 'answers'; readonly id: number; readonly values: readonly unknown[] }
  /** Start or stop reporting calls: some worker has a listener, or none has any longer. */
  | { readonly kind: 'tell'; readonly on: boolean }
  | { readonly kind: 'call'; readonly call: LedgerCall };

/** Distinguishes our messages from others on the same channel, such as those of the limits. */
const mark = '@ai-toolkit/server/1';

export function marked<T extends FromWorker | FromParent>(message: T): object {
  return { mark, message };
}

/** The content needs no validation: both ends run the same version, and other users of the channel have other marks. */
export function readMarked<T extends FromWorker | FromParent>(received: unknown): T | undefined {
  if (typeof received !== 'object' || received === null) return undefined;
  const { mark: found, message } = received as { readonly mark?: unknown; readonly message?: T };
  return found === mark ? message : undefined;
}
