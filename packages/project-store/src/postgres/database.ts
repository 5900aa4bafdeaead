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
  /** Where the projects are, for people: `postgresql:DATABASE/SCHEMA`. Nothing of the URL that is secret. */
  place(): Promise<string>;
  /** Runs one statement that changes nothing or may be repeated: it is, when a connection turns out to be dead. */
  readonly run: Sql;
  /** Runs `work` as one transaction. It may run again after a collision with another one, so it must change nothing else. */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** A connection to keep. Must be released. */
  connect(): Promise<PostgresClient>;
  close(): Promise<void>;
}

/** How far a transaction has come. */
interface Reached {
  begin: boolean;
  commit: boolean;
}

/** A collision is over when the other transaction is; more of them mean that something else is wrong. */
const attempts = 4;
/** Watches of one store; nobody has so many. */
const maxLasting = 1000;
/** A server that lives takes a few ms to say goodbye. */
const longestEndMs = 2_000;

/** @param beforeChange awaited before each transaction */
export function createDatabase(options: ResolvedOptions, beforeChange: () => Promise<void>): Database {
  const tables = tablesOf(options.schema);
  const statementMs = options.statementTimeoutMs;
  // Set anew for each transaction, since a pooler may give each one another connection. A process that stops in the
  // middle of one does not keep others out for ever.
  const begin = [
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    `SET LOCAL statement_timeout = ${statementMs}`,
    // 0 would wait without end.
    `SET LOCAL lock_timeout = ${Math.max(1, options.lockWaitMs)}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${statementMs}`,
  ].join('; ');
  let pool: Promise<PostgresPool> | undefined;
  /** Of those who keep a connection, and must not take it from the others. */
  let lasting: Promise<PostgresPool> | undefined;
  let opened: Promise<string> | undefined;

  function getPool(): Promise<PostgresPool> {
    pool ??= options.openPool(options.maxConnections);
    return pool;
  }

  /** Makes the tables and asks for the name of the database, once. A failed attempt is not remembered. */
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
    // While it is in use nobody else listens, and an `error` without a listener ends the process.
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
    // A server that was cut off never answers, and its own bound is of no use then.
    const statement = { text, query_timeout: statementMs + Math.min(statementMs, 1000) };
    // Without values the statement may be several, which the other protocol forbids.
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
        // What went wrong first matters more. A connection on which this fails as well is not used again.
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
            // Whatever happened to the connection while nobody used it shows in the first statement.
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

/** The end of a connection to a server that was cut off never comes. */
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
