import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectWatch, WatchOptions } from '../watch/project-event.js';
import { startWatch } from '../watch/start-watch.js';
import type { Database } from './database.js';
import { followRows } from './follow-rows.js';

/** The watches of one store. */
export interface Watches {
  start(database: Database, options: WatchOptions): ProjectWatch;
  /** A watch must report every change this store makes after `start()`, so changes wait until it is ready, at most `lateMs`. */
  begun(): Promise<void>;
  end(): Promise<void>;
}

/** @param lateMs how long a change waits for a watch to become ready, ms */
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
