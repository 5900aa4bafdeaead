import type { Database } from './database.js';
import { isReadOnly } from './database-failure.js';
import { quoteIdentifier } from './tables.js';

/** A connection on which the database reports changes. */
export interface Listener extends AsyncDisposable {
  /** Whether a notification has ever arrived; none does through a pooler or on a replica. */
  readonly hears: boolean;
  /** Ids of the projects changed since the last call. Undefined if unknown: anything may have changed. */
  takeIds(): readonly string[] | undefined;
  /** Waits for a notification, at most `ms`. @throws StoreError or the database's own error if the connection is lost */
  wait(ms: number): Promise<void>;
}

/** Longest a live connection takes to answer a trivial query, ms. */
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
      // After a long silence, check the connection: one that was cut off is silent, too.
      if (!knows) await client.query({ text: 'SELECT 1', query_timeout: answerMs });
    },

    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', onAbort);
      client.off('notification', onNotification);
      client.off('error', onLost);
      client.off('end', onLost);
      // Destroyed, since a later user of the connection would not expect it to listen.
      client.release(true);
    },
  };
  try {
    await client.query({ text: `LISTEN ${quoteIdentifier(channel)}`, query_timeout: answerMs });
    // Receiving this notification proves that listening works.
    await database.run('SELECT pg_notify($1, $2)', channel, '');
  } catch (error) {
    // A replica allows neither; there we poll.
    if (!isReadOnly(error)) {
      await listener[Symbol.asyncDispose]();
      throw error;
    }
  }
  return listener;
}
