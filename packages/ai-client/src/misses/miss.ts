import type { DifferenceClass } from '../explain/difference-class.js';
import type { Surface } from '../surface.js';

/**
 * Why a call asked the provider.
 * - `new`: nothing like it was asked lately.
 * - `near`: it differs in few fields from what was.
 * - `expired`: it was asked before, and its answer has outlived its time.
 * - `evicted`: it was asked before, and its answer was given up or deleted.
 * - `not kept`: it was asked before, and its answer was not stored: it failed, was not whole or too large.
 * - `refresh`: its caller forbade reading the cache.
 * - `no-store`: its caller forbade storing the answer, so that the next one misses as well.
 * - `bypass`: such a request is never cached.
 */
export type MissCause =
  | 'new'
  | 'near'
  | 'expired'
  | 'evicted'
  | 'not kept'
  | 'refresh'
  | 'no-store'
  | 'bypass';

/** A field in which a request differs from the nearest one. Never what it says. */
export interface MissDifference {
  /** `messages[0].content`, `temperature`, `headers["openai-beta"]`. */
  readonly path: string;
  readonly class: DifferenceClass;
}

/** A call that asked the provider, and why. Plain data, without a word of the request. */
export interface Miss {
  /** Epoch, ms. */
  readonly at: number;
  readonly requestId: string;
  /** Cache key in hex; absent on a bypass. */
  readonly key?: string;
  readonly surface: Surface;
  readonly provider: string;
  /** As the provider names it. */
  readonly model: string;
  readonly tenant: string;
  readonly cause: MissCause;
  /** Of a bypass: why such a request is never cached. */
  readonly reason?: string;
  /** Of `near`: the key of the request that is nearest, which is of the same tenant and surface. */
  readonly nearest?: string;
  /** Of `near`: in what the two differ, three fields at most. */
  readonly differences?: readonly MissDifference[];
}

/** What is known of the misses of late. */
export interface MissReport {
  /** The switch is on. */
  readonly enabled: boolean;
  /** The latest first. */
  readonly misses: readonly Miss[];
  /** Misses that were noted and not looked at yet. */
  readonly waiting: number;
  /** Misses that came too fast to be looked at, or were too large, since the start: those that were looked at are a sample. */
  readonly passedOver: number;
}
