import { access, constants, mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import { CacheError } from '../cache-error.js';
import type { Clock } from '../clock.js';
import { removeLeftMarkers, wasCutOff } from './dirty-marker.js';
import { inspectFile } from './inspect-file.js';
import { withLockFile } from './lock-file.js';

/** The version in the name lets two versions of this package work in one directory without harm. */
const FILE_NAME = 'cache-1.mdb';
const MAX_READERS = 512;
const INSPECTIONS = 3;

/** `f_type` of file systems over a network, from Linux' magic.h: memory maps and locks do not hold across their clients. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x01021997, '9P'],
]);

/** The trees of one file. */
export interface LmdbTrees {
  readonly root: RootDatabase<unknown, string>;
  /** Physical key → record. */
  readonly records: Database<Buffer, string>;
  /** Physical key → index row. */
  readonly index: Database<unknown, string>;
  /** [segment, position] → physical key: the queues of the eviction policy. */
  readonly order: Database<string, [number, number]>;
  /** Counters, and the sequence of each clear. */
  readonly meta: Database<unknown, string>;
  /** Sequence → what changed then. */
  readonly changes: Database<unknown, number>;
  /** Physical key → who loads it. */
  readonly leases: Database<unknown, string>;
}

export interface OpenedLmdb {
  readonly file: string;
  readonly trees: LmdbTrees;
  /** Why the file that was there was set aside, if it was. */
  readonly damage: string | undefined;
}

/** The name of the network file system that a directory is on, if it is on one of the known. */
export function networkFileSystem(type: number): string | undefined {
  return NETWORK_FILE_SYSTEMS.get(type >>> 0);
}

async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unavailable(
      `The cache directory ${directory} cannot be written`,
      'Make it writable or choose another.',
      error,
    );
  }
  const { type } = await statfs(directory);
  const network = networkFileSystem(type);
  if (network !== undefined) {
    throw unavailable(
      `The cache directory ${directory} is on a network file system (${network})`,
      'Choose a local disk.',
    );
  }
}

/** Moves a file that cannot be trusted out of the way; one such file is kept for inspection, older ones go. */
async function setAside(directory: string, clock: Clock): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(`${FILE_NAME}.damaged-`)) await rm(join(directory, name), { force: true });
  }
  const file = join(directory, FILE_NAME);
  try {
    await rename(file, `${file}.damaged-${clock.now()}`);
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await rm(`${file}-lock`, { force: true });
}

async function findDamage(file: string): Promise<string | undefined> {
  let damage: string | undefined;
  // More than one look: another process may be between creating the file and filling it.
  for (let attempt = 0; attempt < INSPECTIONS; attempt += 1) {
    const verdict = await inspectFile(file);
    if (verdict.state === 'absent') return undefined;
    damage = verdict.state === 'damaged' ? verdict.reason : undefined;
    if (damage === undefined) break;
  }
  if (damage === undefined && (await wasCutOff(file)))
    return 'the machine went down while it was being written';
  return damage;
}

async function repair(directory: string, file: string, clock: Clock): Promise<string | undefined> {
  const damage = await findDamage(file);
  if (damage === undefined) return undefined;
  await setAside(directory, clock);
  await removeLeftMarkers(file);
  return damage;
}

/** Opens the file of a directory, or a new one if it is damaged. Rejects with `CACHE_STORE_UNAVAILABLE`. */
export async function openLmdb(directory: string, clock: Clock): Promise<OpenedLmdb> {
  await prepareDirectory(directory);
  const file = join(directory, FILE_NAME);
  let damage: string | undefined;
  try {
    if ((await findDamage(file)) !== undefined) {
      // Processes that start together find the same damage: one of them acts, the others look again.
      damage = await withLockFile(`${file}.repairing`, () => repair(directory, file, clock));
    }
    await removeLeftMarkers(file);
    const { open } = await import('lmdb');
    const root = open<unknown, string>({
      path: file,
      noSubdir: true,
      maxDbs: 8,
      maxReaders: MAX_READERS,
      // Synced by the store, off the main thread; see `DirtyMarker` for what that asks for.
      noSync: true,
      overlappingSync: false,
    });
    root.readerCheck();
    const trees: LmdbTrees = {
      root,
      records: root.openDB<Buffer, string>({ name: 'records', encoding: 'binary' }),
      index: root.openDB<unknown, string>({ name: 'index', encoding: 'msgpack' }),
      order: root.openDB<string, [number, number]>({ name: 'order', encoding: 'string' }),
      meta: root.openDB<unknown, string>({ name: 'meta', encoding: 'msgpack' }),
      changes: root.openDB<unknown, number>({ name: 'changes', encoding: 'msgpack' }),
      leases: root.openDB<unknown, string>({ name: 'leases', encoding: 'msgpack' }),
    };
    return { file, trees, damage };
  } catch (error) {
    throw unavailable(
      `The cache file ${file} cannot be opened`,
      'See the cause; the cache works without it.',
      error,
    );
  }
}

function unavailable(message: string, hint: string, cause?: unknown): CacheError {
  return new CacheError('CACHE_STORE_UNAVAILABLE', message, { hint, retryable: true, cause });
}
