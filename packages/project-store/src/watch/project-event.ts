/**
 * What may have changed in a project: `facts` (name, description, tags and anything else in `project.json` except the
 * stages), `idea` (`idea.md`), `stages` (the state or the text of stages), `path` (the folder was moved or renamed).
 */
export type ProjectPart = 'facts' | 'idea' | 'path' | 'stages';

/** A change to a project through this store, by another process or by hand. */
export type ProjectEvent =
  /** A project appeared, or reappeared: recreated after a deletion, or repaired after damage. */
  | { readonly kind: 'created'; readonly id: string; readonly path: string }
  | {
      readonly kind: 'changed';
      readonly id: string;
      readonly path: string;
      readonly parts: readonly ProjectPart[];
      /** Numbers of the stages whose state or text changed, ascending. */
      readonly stages: readonly number[];
    }
  /** Moved to the trash or deleted for good. `path` is its last path. */
  | { readonly kind: 'deleted'; readonly id: string; readonly path: string }
  /** It can no longer be read. `id` is its last known id, if any. */
  | { readonly kind: 'damaged'; readonly id?: string; readonly path: string; readonly reason: string }
  /** Events were lost: list the projects again. Every change after this event is reported again. */
  | { readonly kind: 'rescan' };

export interface WatchOptions {
  /** Ends the watch: the iteration fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Projects that may have an untaken event; beyond that, all events are replaced by one `rescan`. Default: 1,000. */
  readonly maxQueued?: number;
  /** Poll interval where the system does not report changes, ms. Default: 2,000. */
  readonly pollMs?: number;
}

/**
 * Changes as they happen, for one consumer. Untaken changes of the same project are merged into one event. Ends when
 * the loop over it exits, when the store is closed, or by the signal.
 */
export interface ProjectWatch extends AsyncIterableIterator<ProjectEvent>, AsyncDisposable {
  /** Resolves when all changes are being noticed. Until then only the store's own changes are certain to be reported. */
  readonly ready: Promise<void>;
  next(): Promise<IteratorResult<ProjectEvent, undefined>>;
  /** Ends the watch. Idempotent. */
  return(): Promise<IteratorResult<ProjectEvent, undefined>>;
}
