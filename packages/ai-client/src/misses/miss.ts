import type { DifferenceClass } from '../explain/difference-class.js';
import type { Surface } from '../surface.js';

/**
 * Why a call asked the provider.
 * - `new`: nothing similar was asked recently.
 * - `near`: it differs in few fields from a recent request.
 * - `expired`: it was asked before, and its answer has expired.
 * - `evicted`: it was asked before, and its answer was evicted or deleted.
 * - `not kept`: it was asked before, and its answer was not stored: it failed, was incomplete or too large.
 * - `refresh`: its caller forbade reading the cache.
 * - `no-store`: its caller forbade storing the answer, so that the next call misses as well.
 * - `bypass`: requests like this are never cached.
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

/** A field in which a request differs from the nearest one. Never its value. */
export interface MissDifference {
  /** `messages[0].content`, `temperature`, `headers["openai-beta"]`. */
  readonly path: string;
  readonly class: DifferenceClass;
}

/** A call that asked the provider, and why. Plain data, without the content of the request. */
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
  /** For a bypass: why the request cannot be cached. */
  readonly reason?: string;
  /** For `near`: the key of the nearest request, which has the same tenant and surface. */
  readonly nearest?: string;
  /** For `near`: in which fields the two differ, at most three. */
  readonly differences?: readonly MissDifference[];
}

/** Report on recent misses. */
export interface MissReport {
  /** Whether `recordMisses` is on. */
  readonly enabled: boolean;
  /** The latest first. */
  readonly misses: readonly Miss[];
  /** Misses not analysed yet. */
  readonly waiting: number;
  /** Misses skipped since the start because they came too fast or were too large: the analysed ones are a sample. */
  readonly passedOver: number;
}
