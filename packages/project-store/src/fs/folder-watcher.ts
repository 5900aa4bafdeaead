import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { errorCode, isMissing } from './error-code.js';

export interface FolderWatcherOptions {
  /** Something happened in a folder that is watched, to the entry `name` of it, or to the folder itself. */
  readonly onChange: (folder: string, name: string | undefined) => void;
  /** The system may have dropped reports: nothing that was seen before can be relied on. */
  readonly onLost: () => void;
  /** Keeps the process alive. Default: false. */
  readonly persistent?: boolean;
}

/** Reports of the operating system on what happens directly in many folders. Linux only: see `settle`. */
export interface FolderWatcher {
  /** Watches a folder from now on; anew, since the path may lead to another one by now. @returns false when it cannot */
  add(folder: string): boolean;
  remove(folder: string): void;
  has(folder: string): boolean;
  /** Why not all folders are watched. */
  readonly refusal: string | undefined;
  /** Resolves when everything that happened before the call has been reported. */
  settle(): Promise<void>;
  close(): void;
}

/**
 * inotify(7) puts a report into the process's queue before the call that makes the change returns, so one look at the
 * queue finds everything that was done before. It keeps 16,384 reports unless told otherwise, and Node does not say
 * when it had to drop some. But then that many were waiting, and all are delivered in one turn of the event loop: half
 * of it is taken as the sign.
 */
export function createFolderWatcher({
  onChange,
  onLost,
  persistent = false,
}: FolderWatcherOptions): FolderWatcher {
  const watchers = new Map<string, FSWatcher>();
  const maxFolders = systemLimit('max_user_watches', 8_192) / 4;
  const maxReports = systemLimit('max_queued_events', 16_384) / 2;
  let reports = 0;
  let refusal: string | undefined;

  function countReport(): void {
    reports += 1;
    if (reports === 1) {
      globalThis.setImmediate(() => {
        reports = 0;
      });
    }
    if (reports === maxReports) onLost();
  }

  function remove(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  return {
    add(folder) {
      remove(folder);
      if (watchers.size >= maxFolders) refusal ??= `the system lets us watch ${maxFolders} folders at most`;
      if (refusal !== undefined) return false;
      try {
        const watcher = watch(folder, { persistent }, (_event, name) => {
          countReport();
          onChange(folder, name ?? undefined);
        });
        watcher.on('error', onLost);
        watchers.set(folder, watcher);
        return true;
      } catch (error) {
        const code = errorCode(error);
        // Gone in the meantime, or not for us to read: a matter of this folder alone.
        if (code !== 'EACCES' && !isMissing(error)) refusal = `the system refuses to watch: ${code}`;
        return false;
      }
    },
    remove,
    has: (folder) => watchers.has(folder),
    get refusal() {
      return refusal;
    },
    async settle() {
      // The first turn may have looked at the queue already; the second one has not.
      await setImmediate();
      await setImmediate();
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function systemLimit(name: string, fallback: number): number {
  try {
    const limit = Number(readFileSync(`/proc/sys/fs/inotify/${name}`, 'utf8'));
    return limit > 0 ? limit : fallback;
  } catch {
    return fallback;
  }
}
