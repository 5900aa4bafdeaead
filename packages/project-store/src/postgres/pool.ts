import { StoreError } from '../store-error.js';

type PostgresClientEvent = 'end' | 'error' | 'notification';

/** A connection of `PostgresPool`, as `pg` makes them. */
export interface PostgresClient {
  query(query: {
    readonly text: string;
    readonly values?: unknown[];
    readonly query_timeout?: number;
  }): Promise<{ readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>> }>;
  /** Gives the connection back, or away for good. */
  release(destroy?: boolean): void;
  on(event: PostgresClientEvent, listener: (detail?: unknown) => void): unknown;
  off(event: PostgresClientEvent, listener: (detail?: unknown) => void): unknown;
}

/** What a store asks of a pool of connections: that of `pg`, or one that behaves alike. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
}

export interface OwnPoolOptions {
  readonly url: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
}

/** A pool on the package `pg`, which is loaded only here: whoever keeps projects in folders does not need it. */
export async function createPool(options: OwnPoolOptions): Promise<PostgresPool> {
  const { Pool } = await import('pg').catch((cause: unknown) => {
    throw new StoreError('STORE_UNAVAILABLE', 'The package pg cannot be loaded.', {
      hint: 'Install it beside this one: npm install pg.',
      cause,
    });
  });
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections,
    // Also bounds how long a call waits for a connection that others use.
    connectionTimeoutMillis: options.connectTimeoutMs,
    application_name: 'ai-toolkit',
    // Finds out about a server that was cut off without a word.
    keepAlive: true,
    // An open pool is no reason for a script to stay alive.
    allowExitOnIdle: true,
  });
  // A connection that broke while nobody used it is replaced by the next call; without a listener it ends the process.
  pool.on('error', () => undefined);
  return pool;
}
