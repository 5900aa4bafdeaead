import { StoreError } from '../store-error.js';

type PostgresClientEvent = 'end' | 'error' | 'notification';

/** A connection of `PostgresPool`, as provided by `pg`. */
export interface PostgresClient {
  query(query: {
    readonly text: string;
    readonly values?: unknown[];
    readonly query_timeout?: number;
  }): Promise<{ readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>> }>;
  /** Returns the connection to the pool, or destroys it. */
  release(destroy?: boolean): void;
  on(event: PostgresClientEvent, listener: (detail?: unknown) => void): unknown;
  off(event: PostgresClientEvent, listener: (detail?: unknown) => void): unknown;
}

/** What the store needs from a connection pool: that of `pg`, or a compatible one. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
}

export interface OwnPoolOptions {
  readonly url: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
}

/** A pool of `pg`. The package is loaded only here, so that folder stores do not need it. */
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
    // Also bounds how long a call waits for a free connection.
    connectionTimeoutMillis: options.connectTimeoutMs,
    application_name: 'ai-toolkit',
    // Detects a server that vanished without closing the connection.
    keepAlive: true,
    // An open pool must not keep a script alive.
    allowExitOnIdle: true,
  });
  // A broken idle connection is replaced by the next call; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
