import { createFolderWatcher, type FolderWatcher } from '../fs/folder-watcher.js';
import { mapFiles } from '../fs/map-files.js';

/** What has to be looked at again. */
export interface ChangeNotes {
  /** Names in the root that came, went or became something else. */
  readonly names: ReadonlySet<string>;
  /** Folders in which something happened, as paths. */
  readonly folders: ReadonlySet<string>;
}

/** Keeps note of what changed since the last look, as far as the system reports it. */
export interface ChangeNotebook {
  /** What was noted before the call. Undefined when everything has to be looked at. */
  take(): Promise<ChangeNotes | undefined>;
  /** Begins anew: everything is going to be looked at. */
  begin(): void;
  /** Whether nothing can happen in a folder without a note. */
  covers(folder: string): boolean;
  /** Takes note of what happens in these folders from now on. */
  cover(folders: readonly string[]): Promise<void>;
  uncover(folder: string): void;
  /** Something went wrong between a note and the look: forget all. */
  distrust(): void;
  /** Whether the system reports what happens, and if not, why. */
  state(): { readonly reported: boolean; readonly reason?: string };
  close(): void;
}

/** With more changes than this, looking at everything is the shorter way. */
const maxNotes = 2_000;

/** @param ttlMs how long notes are relied on, since some rare changes are not reported, see the README */
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
      // What the system refused it refuses for a while.
      if (ttlMs === 0 || (watcher.refusal !== undefined && isYoung())) return;
      // What it did not report may have moved folders under our watches, so all are made anew.
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
