import { StoreError } from '../store-error.js';
import type { Row, Sql } from './database.js';
import { migrations } from './migrations.js';
import type { Tables } from './tables.js';

/**
 * Brings the tables to the current version, one process at a time. If they are up to date it runs nothing that a
 * replica, or a user without rights on the schema, would refuse.
 */
export async function migrate(sql: Sql, tables: Tables, statementTimeoutMs: number): Promise<void> {
  const before = await currentVersion(sql, tables);
  if (before === migrations.length) return;
  refuseNewer(before, tables);
  await requireServer(sql);
  // Bounds how long this waits for each lock, and so how long other statements queue behind it.
  await sql(`BEGIN; SET LOCAL lock_timeout = ${statementTimeoutMs}`);
  try {
    await sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', `${tables.channel}:migrations`);
    if ((await schemaExists(sql, tables)) === false) await sql(`CREATE SCHEMA ${tables.schema}`);
    await sql(
      `CREATE TABLE IF NOT EXISTS ${tables.migrations} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL)`,
    );
    const version = await currentVersion(sql, tables);
    refuseNewer(version, tables);
    for (const [index, statements] of migrations.entries()) {
      if (index < version) continue;
      for (const statement of statements(tables)) await sql(statement);
      await sql(`INSERT INTO ${tables.migrations} (version, applied_at) VALUES ($1, now())`, index + 1);
    }
    await sql('COMMIT');
  } catch (error) {
    await sql('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function currentVersion(sql: Sql, tables: Tables): Promise<number> {
  const [found] = await sql('SELECT to_regclass($1) IS NOT NULL AS there', tables.migrations);
  if (found?.there !== true) return 0;
  const [row]: readonly Row[] = await sql(
    `SELECT coalesce(max(version), 0)::float8 AS version FROM ${tables.migrations}`,
  );
  return Number(row?.version);
}

async function schemaExists(sql: Sql, tables: Tables): Promise<boolean> {
  const [row] = await sql('SELECT to_regnamespace($1) IS NOT NULL AS there', tables.schema);
  return row?.there === true;
}

function refuseNewer(version: number, tables: Tables): void {
  if (version <= migrations.length) return;
  throw new StoreError(
    'STORE_UNREADABLE',
    `The schema ${tables.schemaName} has version ${version}, made by a newer version of this program; this one knows ${migrations.length}.`,
    { hint: 'Update this program, or name another schema.' },
  );
}

/** Older versions lack generated columns. */
const oldestServer = 12;

/** Any other encoding lacks characters, and would reject some project later on. */
async function requireServer(sql: Sql): Promise<void> {
  const [row] = await sql(
    "SELECT current_setting('server_encoding') AS encoding, current_setting('server_version_num')::float8 AS number",
  );
  const version = Math.floor(Number(row?.number) / 10_000);
  if (version < oldestServer) {
    throw new StoreError('STORE_UNWRITABLE', `The database is PostgreSQL ${version}.`, {
      hint: `Use PostgreSQL ${oldestServer} or later.`,
    });
  }
  if (row?.encoding === 'UTF8') return;
  throw new StoreError(
    'STORE_UNWRITABLE',
    `The database has the encoding ${String(row?.encoding)}, which cannot hold every text.`,
    { hint: "Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and name it in the URL." },
  );
}
