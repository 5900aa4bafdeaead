import type { Lane } from '../lane.js';
import type { Limits } from '../limits.js';
import type { Waiter } from '../queue/waiter.js';
import type { LimitStep, StepLimits } from './limit-store.js';
import type { Mirror } from './mirror.js';
import { type Parcel, parcelOf } from './outbox.js';

export interface Speaker {
  readonly lane: Lane;
  readonly mirror: Mirror;
  readonly process: string;
  readonly limits: StepLimits;
  readonly ageingMs: number;
  readonly sequence: number;
  readonly isLeaving: boolean;
}

/** Everything that one process has to report about one key now. */
export function composeStep(
  speaker: Speaker,
  parcel: Parcel,
  batch: readonly Waiter[],
  now: number,
): LimitStep {
  const { lane, mirror, process, limits, ageingMs, sequence, isLeaving } = speaker;
  const { stamp, open } = mirror;
  return {
    process,
    sequence,
    ...(stamp !== undefined && { epoch: stamp.epoch }),
    limits,
    open,
    undecided: lane.undecidedAt(now),
    waiting: lane.queue.demand(),
    demands: batch.map(({ demand, enqueuedAt, priority, isTrial }) => [
      demand.inputTokens,
      demand.outputTokens,
      now - enqueuedAt + priority * ageingMs,
      isTrial ? 0 : 1,
    ]),
    taken: {},
    known: mirror.known(now),
    holdMs: lane.holdMs,
    ...parcelOf(parcel, stamp, now),
    ...(isLeaving && open.requests === 0 && { leaving: true }),
  };
}

/** The configuration in the form that the store expects: only what is limited. */
export function stepLimits({ cachedInputWeight: _, ...limits }: Limits, adaptive: boolean): StepLimits {
  const finite = Object.entries(limits).filter(([, value]) => value !== Number.POSITIVE_INFINITY);
  return { ...Object.fromEntries(finite), adaptive };
}
