import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RootDatabase } from 'lmdb';
import type { Clock } from '../../clock.js';
import type { DiskDriver, DiskTrees, DiskUsage } from '../disk-driver.js';
import { openInDirectory } from '../open-in-directory.js';
import { PlacedFile, removeOrphans, setAside } from '../set-aside.js';
import { isAsClosed } from './closed-stamp.js';
import { countPages } from './count-pages.js';
import { inspectFile } from './inspect-file.js';
import { isLmdbDamage, LmdbDriver } from './lmdb-driver.js';
import { findMarkers, ProcessMarker } from './process-marker.js';
import { requireRoom } from './require-room.js';
import { verifyTrees } from './verify-trees.js';

/** The version in the name lets two versions of this package share a directory safely. */
const NAMES = { file: 'cache-2.mdb', older: 'cache-1.mdb' };
const COMPANIONS: readonly string[] = ['-lock', '.closed'];
const LEAST_MAP_BYTES: number = 256 * 2 ** 20;
const MOST_MAP_BYTES: number = 2 ** 40;
/**
 * A page of 4 KiB, less its header. LMDB keeps longer values in adjacent pages. In a file that is reused over and over, few free pages are
 * adjacent: the file would keep growing, and the search for them would take ever longer.
 */
const MAX_VALUE_BYTES: number = 4096 - 24;
const MAX_READERS = 512;

async function findDamage(file: string): Promise<string | undefined> {
  const verdict = await inspectFile(file);
  if (verdict.state === 'absent') return undefined;
  if (verdict.state === 'damaged') return verdict.reason;
  const markers = await findMarkers(file);
  const left = markers.filter(({ isLeft }) => isLeft);
  if (left.some(({ kind, isOfThisBoot }) => kind === 'unsynced' && !isOfThisBoot)) {
    return 'the machine went down while it was being written';
  }
  const isInUse = left.length < markers.length;
  // A process was killed, perhaps by the file itself, or the file has changed since it was last closed.
  const isSuspect = left.length > 0 || !(isInUse || (await isAsClosed(file)));
  return isSuspect ? verifyTrees(file) : undefined;
}

async function removeLeftMarkers(file: string): Promise<void> {
  const left = (await findMarkers(file)).filter(({ isLeft }) => isLeft);
  // Whatever the markers warn of must be safe on disk before they go.
  if (left.some(({ kind }) => kind === 'unsynced')) await syncFile(file);
  for (const { path } of left) await rm(path, { force: true });
}

async function syncFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    await file.datasync();
    await file.close();
  } catch (error) {
    // The file was set aside.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

interface OpenedFile {
  readonly root: RootDatabase<unknown, string>;
  readonly trees: DiskTrees;
  readonly usage: () => DiskUsage;
}

async function openFile(file: string, maxBytes: number): Promise<OpenedFile> {
  // LMDB maps its files before they have their blocks, so a disk that fills up while they are made ends the process with SIGBUS.
  if (!existsSync(file)) requireRoom(dirname(file), 0);
  // Loaded only when needed: the binding is not small.
  const lmdb = await import('lmdb');
  const root = lmdb.open<unknown, string>({
    path: file,
    noSubdir: true,
    maxDbs: 8,
    maxReaders: MAX_READERS,
    // Address space, not memory. A map cannot grow while something is being read, and the write that needs it fails.
    mapSize: Math.min(Math.max(LEAST_MAP_BYTES, 2 * maxBytes), MOST_MAP_BYTES),
    // The driver syncs off the main thread; see `MarkerKind` for what that requires.
    noSync: true,
    overlappingSync: false,
  });
  try {
    root.readerCheck();
    return { root, ...openTrees(root) };
  } catch (error) {
    await root.close();
    throw error;
  }
}

function openTrees(root: RootDatabase<unknown, string>): Omit<OpenedFile, 'root'> {
  const trees = {
    index: root.openDB<unknown, number>({ name: 'index', encoding: 'msgpack' }),
    small: root.openDB<Buffer, number>({ name: 'small', encoding: 'binary' }),
    main: root.openDB<Buffer, number>({ name: 'main', encoding: 'binary' }),
    parts: root.openDB<Buffer, [number, number]>({ name: 'parts', encoding: 'binary' }),
    meta: root.openDB<unknown, string>({ name: 'meta', encoding: 'msgpack' }),
    changes: root.openDB<unknown, number>({ name: 'changes', encoding: 'msgpack' }),
    leases: root.openDB<unknown, string>({ name: 'leases', encoding: 'msgpack' }),
  };
  const databases = Object.values(trees);
  return {
    trees: { ...trees, maxValueBytes: MAX_VALUE_BYTES, lendsBytes: true },
    usage: () => countPages(root, databases),
  };
}

async function openOrReplace(file: string, clock: Clock, maxBytes: number): Promise<DiskDriver> {
  await removeOrphans(file, COMPANIONS);
  let damage = await findDamage(file);
  if (damage !== undefined) await setAside(file, COMPANIONS, clock);
  await removeLeftMarkers(file);
  const marker = new ProcessMarker(file, 'open');
  await marker.set();
  try {
    let opened: OpenedFile;
    try {
      opened = await openFile(file, maxBytes);
    } catch (error) {
      if (!isLmdbDamage(error)) throw error;
      damage = (error as Error).message;
      await setAside(file, COMPANIONS, clock);
      opened = await openFile(file, maxBytes);
    }
    const place = new PlacedFile(file, COMPANIONS, clock);
    return new LmdbDriver({ ...opened, file, damage, marker, place });
  } catch (error) {
    await marker.unset();
    throw error;
  }
}

/** Opens the cache file in a directory, replacing it if it is damaged. Rejects with `CACHE_STORE_UNAVAILABLE`. */
export function openLmdb(directory: string, clock: Clock, maxBytes: number): Promise<DiskDriver> {
  return openInDirectory(directory, NAMES, (file) => openOrReplace(file, clock, maxBytes));
}
