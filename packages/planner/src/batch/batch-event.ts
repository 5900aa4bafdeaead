import type { PlannerEvent } from '../run/planner-event.js';

interface OfRow {
  /** Place in the batch, from 1. */
  readonly row: number;
}

/** What happens to the rows. Each has one last event: `row-done`, `row-known` or `row-failed`. */
export type BatchEvent =
  | (OfRow & { readonly type: 'row-started' })
  /** Something that a stage of the row does. */
  | (OfRow & { readonly type: 'stage'; readonly event: PlannerEvent })
  /** `detail` says what came of it, where there is something to say: a clause for people. */
  | (OfRow & { readonly type: 'row-done'; readonly detail?: string })
  /** An earlier call has done it. */
  | (OfRow & { readonly type: 'row-known' })
  | (OfRow & { readonly type: 'row-failed'; readonly error: unknown });
