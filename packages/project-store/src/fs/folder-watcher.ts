import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { errorCode, isMissing } from './error-code.js';

export interface FolderWatcherOptions {
  /** Called when entry `name` of a watched folder, or the folder itself, changed. */
  readonly onChange: (folder: string, name: string | undefined) => void;
  /** Called when the system may have dropped reports: earlier observations can no longer be trusted. */
  readonly onLost: () => void;
  /** Whether the watcher keeps the process alive. Default: false. */
  readonly persistent?: boolean;
}

/** Reports changes to the direct entries of many folders, using the operating system. Linux only, see `settle`. */
export interface FolderWatcher {
  /** Starts watching a folder, replacing an earlier watch since the path may now be another folder. @returns false if it cannot */
  add(folder: string): boolean;
  remove(folder: string): void;
  has(folder: string): boolean;
  /** Why not all folders can be watched. */
  readonly refusal: string | undefined;
  /** Resolves once every change made before the call has been reported. */
  settle(): Promise<void>;
  close(): void;
}

/**
 * inotify(7) queues an event before the system call that made the change returns, so one read of the queue sees
 * everything that happened before. The queue holds 16,384 events by default, and Node does not report an overflow. A
 * full queue is delivered in one turn of the event loop, though, so half the limit within one turn is treated as an
 * overflow.
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
        // Deleted meanwhile, or not readable: this concerns only this folder.
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
      // The current turn may have polled the queue already; the next one has not.
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
