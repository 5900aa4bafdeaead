import { createFolderWatcher } from '../fs/folder-watcher.js';
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
  let begunAt = 0;
  const watcher = createFolderWatcher({
    onLost: () => {
      trusted = false;
    },
    onChange(folder, name) {
      if (folder !== root) folders.add(folder);
      else if (name !== undefined) names.add(name);
      if ((folder === root && name === undefined) || names.size + folders.size > maxNotes) trusted = false;
    },
  });

  return {
    async take() {
      if (trusted) await watcher.settle();
      if (!trusted || performance.now() - begunAt > ttlMs) return undefined;
      const notes = { names, folders };
      names = new Set();
      folders = new Set();
      return notes;
    },
    begin() {
      // What the system did not report may have moved folders under our watches, so they go too.
      watcher.close();
      names.clear();
      folders.clear();
      begunAt = performance.now();
      trusted = ttlMs > 0 && watcher.add(root);
    },
    covers: (folder) => trusted && watcher.has(folder),
    async cover(paths) {
      if (!trusted) return;
      const add = (folder: string): boolean => watcher.add(folder);
      await mapFiles(paths, true, { now: add, later: async (folder) => add(folder) });
    },
    uncover: (folder) => watcher.remove(folder),
    distrust: () => {
      trusted = false;
    },
    state() {
      const reason = ttlMs === 0 ? 'listTtlMs is 0' : watcher.refusal;
      return {
        reported: trusted && watcher.refusal === undefined,
        ...(reason === undefined ? {} : { reason }),
      };
    },
    close() {
      trusted = false;
      watcher.close();
    },
  };
}
