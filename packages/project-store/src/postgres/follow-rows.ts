import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../store-error.js';
import type { WatchWork } from '../watch/start-watch.js';
import type { Database } from './database.js';
import { databaseFailure } from './database-failure.js';
import { createListener } from './listener.js';
import { createRowObserver } from './row-observer.js';

/** Even where notifications are known to arrive, check everything this often, ms. */
const surelyMs = 30_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Reports the changes that the database notifies of. Polls where it sends none: behind a transaction pooler, or on a
 * replica. The observed state outlives a connection, so nothing is missed while there is none.
 */
export async function followRows(database: Database, work: WatchWork): Promise<never> {
  const { emit, onReady, signal, pollMs } = work;
  const observer = createRowObserver(database);
  let isFirst = true;
  let pauseMs = firstPauseMs;
  for (;;) {
    try {
      await using listener = await createListener(database, signal);
      for (;;) {
        const ids = listener.takeIds();
        const events = await (ids === undefined ? observer.lookAtAll() : observer.lookAt(ids));
        if (isFirst) onReady();
        else for (const event of events) emit(event);
        isFirst = false;
        pauseMs = firstPauseMs;
        await listener.wait(listener.hears ? Math.max(pollMs, surelyMs) : pollMs);
      }
    } catch (error) {
      signal.throwIfAborted();
      const told = databaseFailure(error);
      if (!StoreError.isInstance(told) || !told.retryable) throw told;
    }
    // Many servers lose their connections at the same moment and must not all reconnect at once.
    await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal });
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  }
}
