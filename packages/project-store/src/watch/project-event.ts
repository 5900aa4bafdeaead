/**
 * What may differ in a project: `facts` (name, description, tags and whatever else `project.json` says of the project
 * itself), `idea` (`idea.md`), `stages` (the state or the text of stages), `path` (the folder was moved or renamed).
 */
export type ProjectPart = 'facts' | 'idea' | 'path' | 'stages';

/** Something that happened to a project, through this store, another process or by hand. */
export type ProjectEvent =
  /** A project is there that was not, or is there again: made anew after a deletion, mended after it was damaged. */
  | { readonly kind: 'created'; readonly id: string; readonly path: string }
  | {
      readonly kind: 'changed';
      readonly id: string;
      readonly path: string;
      readonly parts: readonly ProjectPart[];
      /** Numbers of the stages whose state or text is another one, ascending. */
      readonly stages: readonly number[];
    }
  /** It is gone, to the trash or for good. `path` is where it was. */
  | { readonly kind: 'deleted'; readonly id: string; readonly path: string }
  /** It can no longer be read. `id` is the one that it had, when that is known. */
  | { readonly kind: 'damaged'; readonly id?: string; readonly path: string; readonly reason: string }
  /** Some events were lost: list the projects again. Everything that happens after this one is told again. */
  | { readonly kind: 'rescan' };

export interface WatchOptions {
  /** Ends the watch: the iteration fails with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Projects with an event that nobody has taken yet; with one more, all become one `rescan`. Default: 1,000. */
  readonly maxQueued?: number;
  /** How often to look where the system does not report changes by itself, ms. Default: 2,000. */
  readonly pollMs?: number;
}

/**
 * Changes as they happen, for one consumer. Several changes of a project of which none was taken yet become one event.
 * Ends when the loop over it is left, when the store is closed, or by the signal.
 */
export interface ProjectWatch extends AsyncIterableIterator<ProjectEvent>, AsyncDisposable {
  /** Resolves when all changes are being noticed. Until then only what the store itself does is told for certain. */
  readonly ready: Promise<void>;
  next(): Promise<IteratorResult<ProjectEvent, undefined>>;
  /** Ends the watch. Idempotent. */
  return(): Promise<IteratorResult<ProjectEvent, undefined>>;
}
