import { createFolderWatcher, type FolderWatcher } from '../fs/folder-watcher.js';
import { mapFiles } from '../fs/map-files.js';

/** What a list has to check again. */
export interface ChangeNotes {
  /** Names in the root that appeared, disappeared or were replaced. */
  readonly names: ReadonlySet<string>;
  /** Paths of folders in which something changed. */
  readonly folders: ReadonlySet<string>;
}

/** Collects changes since the last list, as far as the system reports them. */
export interface ChangeNotebook {
  /** Returns and clears the changes noted so far. Undefined if everything must be checked. */
  take(): Promise<ChangeNotes | undefined>;
  /** Starts over, right before everything is checked. */
  begin(): void;
  /** Whether every change in a folder is reported. */
  covers(folder: string): boolean;
  /** Starts noting changes in these folders. */
  cover(folders: readonly string[]): Promise<void>;
  uncover(folder: string): void;
  /** The noted changes are incomplete or were not processed: the next list must check everything. */
  distrust(): void;
  /** Whether the system reports changes, and if not, why. */
  state(): { readonly reported: boolean; readonly reason?: string };
  close(): void;
}

/** With more changes than this, checking everything is faster. */
const maxNotes = 2_000;

/** @param ttlMs how long notes are trusted, since some rare changes are never reported, see the README */
export function createChangeNotebook(root: string, ttlMs: number): ChangeNotebook {
  let names = new Set<string>();
  let folders = new Set<string>();
  let trusted = false;
  let begunAt = Number.NEGATIVE_INFINITY;
  let watcher = watch();

  function watch(): FolderWatcher {
    return createFolderWatcher({
      onLost: distrust,
      onChange(folder, name) {
        if (folder !== root) folders.add(folder);
        else if (name !== undefined) names.add(name);
        if ((folder === root && name === undefined) || names.size + folders.size > maxNotes) distrust();
      },
    });
  }

  function distrust(): void {
    trusted = false;
  }

  function isYoung(): boolean {
    return performance.now() - begunAt <= ttlMs;
  }

  function close(): void {
    distrust();
    watcher.close();
  }

  return {
    async take() {
      if (trusted) await watcher.settle();
      if (!trusted || !isYoung()) return undefined;
      const notes = { names, folders };
      names = new Set();
      folders = new Set();
      return notes;
    },
    begin() {
      close();
      names.clear();
      folders.clear();
      // After a refusal by the system, do not try again until the notes would have expired.
      if (ttlMs === 0 || (watcher.refusal !== undefined && isYoung())) return;
      // An unreported change may have moved folders that are being watched, so all watches are replaced.
      watcher = watch();
      begunAt = performance.now();
      trusted = watcher.add(root);
    },
    covers: (folder) => trusted && watcher.has(folder),
    async cover(paths) {
      if (!trusted) return;
      const add = (folder: string): boolean => watcher.add(folder);
      await mapFiles(paths, true, { now: add, later: async (folder) => add(folder) });
      if (watcher.refusal !== undefined) close();
    },
    uncover: (folder) => watcher.remove(folder),
    distrust,
    state() {
      const reason = ttlMs === 0 ? 'listTtlMs is 0' : watcher.refusal;
      return { reported: trusted, ...(reason === undefined ? {} : { reason }) };
    },
    close,
  };
}
