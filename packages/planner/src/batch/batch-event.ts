import type { PlannerEvent } from '../run/planner-event.js';

interface OfRow {
  /** Position in the batch, from 1. */
  readonly row: number;
}

/** Progress of the rows. The last event of each row is `row-done`, `row-known` or `row-failed`. */
export type BatchEvent =
  | (OfRow & { readonly type: 'row-started' })
  /** An event of the row's stage run. */
  | (OfRow & { readonly type: 'stage'; readonly event: PlannerEvent })
  /** `detail` sums up the result, if it needs words: a clause for people. */
  | (OfRow & { readonly type: 'row-done'; readonly detail?: string })
  /** Done by an earlier call. */
  | (OfRow & { readonly type: 'row-known' })
  | (OfRow & { readonly type: 'row-failed'; readonly error: unknown });
