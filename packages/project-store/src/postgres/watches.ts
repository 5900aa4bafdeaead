import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectWatch, WatchOptions } from '../watch/project-event.js';
import { startWatch } from '../watch/start-watch.js';
import type { Database } from './database.js';
import { followRows } from './follow-rows.js';

/** The watches of one store. */
export interface Watches {
  start(database: Database, options: WatchOptions): ProjectWatch;
  /** What this store does after it was asked for a watch is told by it, so it waits until that works, or until it is late. */
  begun(): Promise<void>;
  end(): Promise<void>;
}

/** @param lateMs after which nobody waits for a watch that has not begun */
export function createWatches(lateMs: number): Watches {
  const open = new Set<ProjectWatch>();
  const beginning = new Set<Promise<void>>();

  return {
    start(database, options) {
      const watch = startWatch(
        options,
        (ended) => void open.delete(ended),
        (work) => followRows(database, work),
      );
      open.add(watch);
      const late = new AbortController();
      const waiting = sleep(lateMs, undefined, { ref: false, signal: late.signal });
      const begun = Promise.race([watch.ready, waiting]).then(settle, settle);
      function settle(): void {
        late.abort();
        beginning.delete(begun);
      }
      beginning.add(begun);
      return watch;
    },
    async begun() {
      if (beginning.size > 0) await Promise.all(beginning);
    },
    async end() {
      for (const watch of [...open]) await watch.return();
    },
  };
}
