import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { GatewayKey } from '../gateway-key.js';
import type { StoredKey } from '../key-store.js';
import { loadSqlite } from './load-sqlite.js';
import { aloneOpening, makePrivate } from './opening-lock.js';
import { migrate, transaction } from './schema.js';

/** Waits for locks are synchronous. A holder writes only a row or two. */
const lockTimeoutMs = 500;

/** The open file of the keys. Every method is synchronous and throws what SQLite throws. */
export interface KeyFile {
  readonly database: DatabaseSync;
  /** Adds keys that are not there, and revokes those that are given as revoked. */
  put(keys: readonly StoredKey[]): void;
  /** Keys that were changed after a revision, and the revision of the last change. */
  changedSince(revision: number): { readonly revision: number; readonly keys: readonly StoredKey[] };
  touch(used: readonly { readonly id: string; readonly at: number }[]): void;
  /** Changes when another connection has written. */
  dataVersion(): number;
  /** Whether the path still leads to the file that was opened. */
  isCurrent(): boolean;
  close(): void;
}

/** Opens the file, or creates it if `create` is set; `undefined` if there is none. */
export function openKeyFile(path: string, create: boolean): KeyFile | undefined {
  if (!existsSync(path)) {
    if (!create) return undefined;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    makePrivate(path);
  }
  return aloneOpening(path, lockTimeoutMs, () => openAlone(path));
}

function openAlone(path: string): KeyFile {
  const database = new (loadSqlite().DatabaseSync)(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${lockTimeoutMs}; PRAGMA journal_mode = WAL`);
    database.exec('PRAGMA synchronous = NORMAL');
    migrate(database);
    return fileOf(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
}

function fileOf(database: DatabaseSync, path: string): KeyFile {
  const inode = inodeOf(path);
  const nextRevision = '(SELECT COALESCE(MAX(revision), 0) + 1 FROM keys)';
  const inserted = database.prepare(
    `INSERT INTO keys (id, revision, digest, name, settings, created_at) VALUES (?, ${nextRevision}, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
  );
  const revoked = database.prepare(
    `UPDATE keys SET revoked_at = ?, revision = ${nextRevision} WHERE id = ? AND revoked_at IS NULL`,
  );
  const changed = database.prepare('SELECT * FROM keys WHERE revision > ? ORDER BY revision');
  const touched = database.prepare(
    'UPDATE keys SET last_used_at = ? WHERE id = ? AND COALESCE(last_used_at, 0) < ?',
  );
  const version = database.prepare('PRAGMA data_version');

  /** A key that was shown, or a revocation that was confirmed, must survive a power failure. */
  function durably(work: () => void): void {
    database.exec('PRAGMA synchronous = FULL');
    try {
      transaction(database, work);
    } finally {
      database.exec('PRAGMA synchronous = NORMAL');
    }
  }

  return {
    database,
    put(keys) {
      durably(() => {
        for (const { key, digest } of keys) {
          const { id, name, createdAt, revokedAt, ...settings } = key;
          inserted.run(id, digest, name, JSON.stringify(settings), createdAt);
          if (revokedAt !== undefined) revoked.run(revokedAt, id);
        }
      });
    },
    changedSince(revision) {
      const rows = changed.all(revision);
      return { revision: Number(rows.at(-1)?.revision ?? revision), keys: rows.map(storedKey) };
    },
    touch(used) {
      transaction(database, () => {
        for (const { id, at } of used) touched.run(at, id, at);
      });
    },
    dataVersion: () => Number(version.get()?.data_version),
    isCurrent: () => inodeOf(path) === inode,
    close: () => database.close(),
  };
}

function storedKey(row: Record<string, unknown>): StoredKey {
  const { id, name, settings, digest, created_at, last_used_at, revoked_at } = row;
  return {
    key: {
      id: String(id),
      name: String(name),
      ...(JSON.parse(String(settings)) as Omit<GatewayKey, 'id' | 'name' | 'createdAt'>),
      createdAt: Number(created_at),
      ...(revoked_at === null ? {} : { revokedAt: Number(revoked_at) }),
    },
    digest: digest as Uint8Array,
    lastUsedAt: last_used_at === null ? undefined : Number(last_used_at),
  };
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
