import type { RootDatabase } from 'lmdb';
import { ProcessMarker } from './process-marker.js';

/** Most that a crash of the machine may lose, and the least time between two syncs. */
const SYNC_EVERY_MS = 1000;

/** A method of lmdb that its types leave out. */
interface Syncable {
  sync(done: (error?: unknown) => void): void;
}

/** Syncs commits to disk off the main thread, soon after they are made, many at a time. */
export class Syncer {
  readonly #root: Syncable;
  readonly #marker: ProcessMarker;
  #commits = 0;
  #syncedCommits = 0;
  #committing = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(root: RootDatabase<unknown, string>, file: string) {
    this.#root = root as unknown as Syncable;
    this.#marker = new ProcessMarker(file, 'unsynced');
  }

  /** Await before a commit; then call {@link afterCommit}, whether the commit succeeded or not. */
  async beforeCommit(): Promise<void> {
    this.#committing += 1;
    // Queued, so that a sync that began earlier cannot remove the marker set here.
    if (!this.#marker.isSet) await this.#queue(() => this.#marker.set());
  }

  afterCommit(): void {
    this.#committing -= 1;
    this.#commits += 1;
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.sync().catch(() => {
        // Retried after the next commit; the marker stays until a sync succeeds.
      });
    }, SYNC_EVERY_MS);
    this.#timer.unref();
  }

  /** Resolves when every commit so far is on the disk. */
  sync(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#queue(() => this.#sync());
  }

  async close(): Promise<void> {
    await this.sync();
  }

  async #sync(): Promise<void> {
    const commits = this.#commits;
    if (commits > this.#syncedCommits) {
      await new Promise<void>((resolve, reject) => {
        this.#root.sync((error) => (error ? reject(error as Error) : resolve()));
      });
      this.#syncedCommits = commits;
    }
    const isQuiet = this.#committing === 0 && this.#commits === commits;
    if (isQuiet && this.#marker.isSet) await this.#marker.unset();
  }

  #queue(step: () => Promise<void>): Promise<void> {
    const next = this.#running.catch(() => {}).then(step);
    this.#running = next;
    next.catch(() => {});
    return next;
  }
}
