import type { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import type { Clock } from '../../clock.js';
import type { DiskDriver, DiskTrees } from '../disk-driver.js';
import { loadSqlite } from '../load-sqlite.js';
import { openInDirectory } from '../open-in-directory.js';
import { PlacedFile, removeOrphans, setAside } from '../set-aside.js';
import { numberKey, pairKey, textKey } from './key-codec.js';
import { isDamaged, SqliteDriver } from './sqlite-driver.js';
import { SqliteTree, type ValueCodec } from './sqlite-tree.js';

const NAMES = { file: 'cache-2.sqlite', older: 'cache-1.sqlite' };
const COMPANIONS: readonly string[] = ['-wal', '-shm'];
const NUMBERED = ['index_rows', 'small', 'main', 'changes'] as const;
const NAMED = ['meta', 'leases'] as const;
/** Other processes hold the lock for a few milliseconds at a time. */
const BUSY_TIMEOUT_MS = 2000;
const PAGE_BYTES = 4096;
/** Limits what is read just to look at the head of a record. */
const MAX_VALUE_BYTES = 16 * 1024;
/** The journal counts towards the tier's size. SQLite's default is to write it back every 1,000 pages. */
const JOURNAL_SHARE = 1 / 32;
const MAX_JOURNAL_PAGES = 1000;

const anything: ValueCodec<unknown> = { encode: serialize, decode: decodeAnything };
const bytes: ValueCodec<Buffer> = {
  encode: (value) => value,
  decode: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
};

function decodeAnything(value: Uint8Array): unknown {
  try {
    return deserialize(value);
  } catch {
    // A damaged page. Readers check the shape of the value.
    return undefined;
  }
}

function setUp(database: DatabaseSync, maxBytes: number): DiskTrees {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // Commits are not synced one by one: a crash of the machine may lose the latest of them, but never the file.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const journalPages = Math.min(Math.ceil((maxBytes * JOURNAL_SHARE) / PAGE_BYTES), MAX_JOURNAL_PAGES);
  database.exec(`PRAGMA wal_autocheckpoint = ${journalPages}`);
  database.exec(`PRAGMA journal_size_limit = ${journalPages * PAGE_BYTES}`);
  const create = (name: string, key: string, layout = ''): void =>
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${name} (k ${key} PRIMARY KEY NOT NULL, v BLOB NOT NULL) ${layout}`,
    );
  for (const name of NUMBERED) create(name, 'INTEGER');
  // Small rows live in the key's own tree (`WITHOUT ROWID`); parts of records are too large for that.
  for (const name of NAMED) create(name, 'BLOB', 'WITHOUT ROWID');
  create('parts', 'BLOB');
  return {
    index: new SqliteTree(database, 'index_rows', numberKey, anything),
    small: new SqliteTree(database, 'small', numberKey, bytes),
    main: new SqliteTree(database, 'main', numberKey, bytes),
    parts: new SqliteTree(database, 'parts', pairKey, bytes),
    meta: new SqliteTree(database, 'meta', textKey, anything),
    changes: new SqliteTree(database, 'changes', numberKey, anything),
    leases: new SqliteTree(database, 'leases', textKey, anything),
    maxValueBytes: MAX_VALUE_BYTES,
    lendsBytes: false,
  };
}

function openFile(file: string, maxBytes: number): { database: DatabaseSync; trees: DiskTrees } {
  const database = new (loadSqlite().DatabaseSync)(file);
  try {
    return { database, trees: setUp(database, maxBytes) };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function openOrReplace(file: string, clock: Clock, maxBytes: number): Promise<DiskDriver> {
  await removeOrphans(file, COMPANIONS);
  let damage: string | undefined;
  let opened: ReturnType<typeof openFile>;
  try {
    opened = openFile(file, maxBytes);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    damage = (error as Error).message;
    await setAside(file, COMPANIONS, clock);
    opened = openFile(file, maxBytes);
  }
  return new SqliteDriver({
    ...opened,
    file,
    damage,
    place: new PlacedFile(file, COMPANIONS, clock),
  });
}

/** Opens the cache file in a directory, replacing it if it is damaged. Rejects with `CACHE_STORE_UNAVAILABLE`. */
export function openSqlite(directory: string, clock: Clock, maxBytes: number): Promise<DiskDriver> {
  return openInDirectory(directory, NAMES, (file) => openOrReplace(file, clock, maxBytes));
}
