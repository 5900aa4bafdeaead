import type { Database } from './database.js';
import { isReadOnly } from './database-failure.js';
import { quoteIdentifier } from './tables.js';

/** A connection on which the database tells of changes. */
export interface Listener extends AsyncDisposable {
  /** Whether anything was ever heard on it; a pooler or a replica tells nothing. */
  readonly hears: boolean;
  /** Ids of projects that changed since the last call. Undefined when that is not known: everything may have. */
  takeIds(): readonly string[] | undefined;
  /**
   * Until something is told, or for `ms`. @throws StoreError or the database's own failure when the connection is lost
   */
  wait(ms: number): Promise<void>;
}

/** Longest a living connection takes to answer nothing, ms. */
const answerMs = 5_000;

export async function createListener(database: Database, signal: AbortSignal): Promise<Listener> {
  const { channel } = database.tables;
  const client = await database.connect();
  const ids = new Set<string>();
  let knows = false;
  let hears = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = Promise.withResolvers<void>();

  function onNotification(detail: unknown): void {
    if (typeof detail !== 'object' || detail === null || Reflect.get(detail, 'channel') !== channel) return;
    hears = true;
    const id: unknown = Reflect.get(detail, 'payload');
    if (typeof id === 'string' && id !== '') ids.add(id);
    wake.resolve();
  }

  function onLost(error?: unknown): void {
    failure ??= { error: error ?? new Error('Connection terminated unexpectedly') };
    wake.resolve();
  }

  const onAbort = (): void => wake.resolve();

  client.on('notification', onNotification);
  client.on('error', onLost);
  client.on('end', onLost);
  signal.addEventListener('abort', onAbort, { once: true });
  const listener: Listener = {
    get hears() {
      return hears;
    },

    takeIds() {
      const taken = knows ? [...ids] : undefined;
      ids.clear();
      knows = true;
      return taken;
    },

    async wait(ms) {
      const timer = setTimeout(() => {
        knows = false;
        wake.resolve();
      }, ms);
      timer.unref();
      try {
        if (failure === undefined && ids.size === 0) await wake.promise;
      } finally {
        clearTimeout(timer);
        wake = Promise.withResolvers();
      }
      signal.throwIfAborted();
      if (failure !== undefined) throw failure.error;
      // It was silent for long: does it still live? One that was cut off says nothing either.
      if (!knows) await client.query({ text: 'SELECT 1', query_timeout: answerMs });
    },

    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', onAbort);
      client.off('notification', onNotification);
      client.off('error', onLost);
      client.off('end', onLost);
      // It listens, which nobody who is given it next expects.
      client.release(true);
    },
  };
  try {
    await client.query({ text: `LISTEN ${quoteIdentifier(channel)}`, query_timeout: answerMs });
    // Whether that works shows when this arrives.
    await database.run('SELECT pg_notify($1, $2)', channel, '');
  } catch (error) {
    // Neither is possible on a replica, where one has to look.
    if (!isReadOnly(error)) {
      await listener[Symbol.asyncDispose]();
      throw error;
    }
  }
  return listener;
}
