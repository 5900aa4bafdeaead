import type { Config, LoadedConfig, Paths } from '@ai-toolkit/toolkit';
import type { LedgerCall } from '@ai-toolkit/usage';
import type { Greeting } from '../greeting.js';

/** What workers can be asked about themselves. */
export type Topic = 'metrics' | 'cache' | 'limits' | 'effectiveness' | 'flush';

/** What a worker is to do. It comes by the channel, as the configuration holds keys of providers. */
export interface StartOrder {
  readonly config: Config;
  readonly paths: Paths;
  readonly sources: LoadedConfig['sources'];
  readonly host: string;
  readonly port: number;
  /** How many workers there are. */
  readonly workers: number;
}

/** Of one worker, as `/api/info` lists them. */
export interface WorkerInfo {
  readonly pid: number;
  /** Epoch, ms. */
  readonly startedAt: number;
  /** How often the one in its place had to be started again. */
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
  /** It wants to hear of calls as they end, in all workers; or no longer. */
  | { readonly kind: 'listen'; readonly on: boolean }
  | { readonly kind: 'call'; readonly call: LedgerCall };

/** From the parent to a worker. */
export type FromParent =
  | { readonly kind: 'start'; readonly order: StartOrder }
  | { readonly kind: 'stop' }
  | { readonly kind: 'question'; readonly id: number; readonly topic: Topic }
  | { readonly kind: 'answers'; readonly id: number; readonly values: readonly unknown[] }
  /** Somebody listens, in some worker; or nobody any longer. */
  | { readonly kind: 'tell'; readonly on: boolean }
  | { readonly kind: 'call'; readonly call: LedgerCall };

/** Tells our messages from those of others on the same channel, such as the limits. */
const mark = '@ai-toolkit/server/1';

export function marked<T extends FromWorker | FromParent>(message: T): object {
  return { mark, message };
}

/** What both ends of a channel send is of this very version: whoever else is on it has another mark. */
export function readMarked<T extends FromWorker | FromParent>(received: unknown): T | undefined {
  if (typeof received !== 'object' || received === null) return undefined;
  const { mark: found, message } = received as { readonly mark?: unknown; readonly message?: T };
  return found === mark ? message : undefined;
}
