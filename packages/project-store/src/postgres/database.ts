import { StoreError } from '../store-error.js';
import { databaseFailure, isBroken, isCollision, isLost, isSchemaGone } from './database-failure.js';
import { migrate } from './migrate.js';
import type { PostgresClient, PostgresPool } from './pool.js';
import type { ResolvedOptions } from './store-options.js';
import { type Tables, tablesOf } from './tables.js';

export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement. `values` fill `$1`, `$2`, … */
export type Sql = (text: string, ...values: readonly unknown[]) => Promise<readonly Row[]>;

export interface Database {
  readonly tables: Tables;
  /** Location of the projects, for people: `postgresql:DATABASE/SCHEMA`. Contains no secrets of the URL. */
  place(): Promise<string>;
  /** Runs one statement, which must be idempotent: it is repeated if the connection turns out to be dead. */
  readonly run: Sql;
  /** Runs `work` as one transaction. It is repeated after a conflict, so `work` must have no other side effects. */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** A dedicated connection. Must be released. */
  connect(): Promise<PostgresClient>;
  close(): Promise<void>;
}

/** How far a transaction got. */
interface Reached {
  begin: boolean;
  commit: boolean;
}

/** A conflict ends with the other transaction; repeated ones mean that something else is wrong. */
const attempts = 4;
/** Upper bound on the watches of one store, never reached in practice. */
const maxLasting = 1000;
/** Longest wait for a pool to end, ms. A live server closes a connection within a few ms. */
const longestEndMs = 2_000;

/** @param beforeChange awaited before each transaction */
export function createDatabase(options: ResolvedOptions, beforeChange: () => Promise<void>): Database {
  const tables = tablesOf(options.schema);
  const statementMs = options.statementTimeoutMs;
  // Set for each transaction, since a pooler may use another connection for each. The idle timeout keeps a process that
  // stops in mid-transaction from blocking others for ever.
  const begin = [
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    `SET LOCAL statement_timeout = ${statementMs}`,
    // 0 would wait without limit.
    `SET LOCAL lock_timeout = ${Math.max(1, options.lockWaitMs)}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${statementMs}`,
  ].join('; ');
  let pool: Promise<PostgresPool> | undefined;
  /** Pool for dedicated connections, so that they do not use up the others. */
  let lasting: Promise<PostgresPool> | undefined;
  let opened: Promise<string> | undefined;

  function getPool(): Promise<PostgresPool> {
    pool ??= options.openPool(options.maxConnections);
    return pool;
  }

  /** Creates the tables and reads the database name, once. A failed attempt is repeated by the next call. */
  function open(): Promise<string> {
    if (opened !== undefined) return opened;
    const attempt = onConnection(async (sql) => {
      await migrate(sql, tables, statementMs);
      const [row] = await sql('SELECT current_database() AS name');
      return `postgresql:${encodeURIComponent(String(row?.name))}/${encodeURIComponent(options.schema)}`;
    });
    opened = attempt;
    attempt.catch(() => {
      opened = undefined;
    });
    return attempt;
  }

  async function connect(from: Promise<PostgresPool>): Promise<PostgresClient> {
    const client = await (await from).connect();
    // A client in use has no other listener, and an `error` without one ends the process.
    client.on('error', ignore);
    return client;
  }

  async function onConnection<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    const client = await connect(getPool());
    let broken = false;
    try {
      return await work(async (text, ...values) => {
        try {
          return await query(client, text, values);
        } catch (error) {
          broken ||= isBroken(error);
          if (isSchemaGone(error)) opened = undefined;
          throw error;
        }
      });
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }

  async function query(
    client: PostgresClient,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    // A server that was cut off never answers, so its own statement timeout cannot help.
    const statement = { text, query_timeout: statementMs + Math.min(statementMs, 1000) };
    // Without values, `text` may hold several statements, which the extended protocol forbids.
    const { rows } = await client.query(
      values.length === 0 ? statement : { ...statement, values: [...values] },
    );
    return rows ?? [];
  }

  function attempt<Result>(work: (sql: Sql) => Promise<Result>, reached: Reached): Promise<Result> {
    return onConnection(async (sql) => {
      await sql(begin);
      reached.begin = true;
      try {
        const result = await work(sql);
        reached.commit = true;
        await sql('COMMIT');
        return result;
      } catch (error) {
        // Report the original error. If the rollback also breaks the connection, it is not reused.
        if (!isBroken(error)) await sql('ROLLBACK').catch(ignore);
        throw error;
      }
    });
  }

  return {
    tables,
    place: () => told(open),

    run: (text, ...values) =>
      told(async () => {
        await open();
        const once = (): Promise<readonly Row[]> => onConnection((sql) => sql(text, ...values));
        return once().catch((error: unknown) => {
          if (isLost(error)) return once();
          throw error;
        });
      }),

    transaction: (work) =>
      told(async () => {
        await beforeChange();
        await open();
        for (let count = 1; ; count += 1) {
          const reached = { begin: false, commit: false };
          try {
            return await attempt(work, reached);
          } catch (error) {
            if (reached.commit && isBroken(error)) throw unconfirmed(error);
            // Anything that broke an idle connection shows up in its first statement.
            const nothingDone = isCollision(error) || (isLost(error) && !reached.begin);
            if (!nothingDone || count === attempts) throw error;
          }
        }
      }),

    connect: () =>
      told(async () => {
        await open();
        lasting ??= options.openPool(maxLasting);
        return connect(lasting);
      }),

    async close() {
      const closing = [pool, lasting];
      pool = undefined;
      lasting = undefined;
      opened = undefined;
      if (!options.ownsPool) return;
      for (const one of closing) await endInTime(await one?.catch(() => undefined));
    },
  };
}

/** Closing a connection to a server that was cut off may never complete. */
async function endInTime(pool: PostgresPool | undefined): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, longestEndMs);
  try {
    await Promise.race([pool?.end(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw databaseFailure(error);
  }
}

function unconfirmed(cause: unknown): StoreError {
  return new StoreError('STORE_UNAVAILABLE', 'The database went away while it was confirming a change.', {
    hint: 'Whether the change was made is not known: get the project again and look, then repeat it if it was not.',
    retryable: true,
    cause,
  });
}

function ignore(): void {}
