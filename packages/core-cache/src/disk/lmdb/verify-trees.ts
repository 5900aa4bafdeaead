import { type FileHandle, open } from 'node:fs/promises';
import { check, Damage, TreeWalk } from './tree-walk.js';

/* Offsets of the trees in LMDB's meta pages (`MDB_meta` in its mdb.c); the first tree holds the free pages. */
const FREE_TREE = 48;
const MAIN_TREE = 96;
const TREE_BYTES = 48;
const FLAGS_IN_TREE = 4;
const LAST_PAGE = 144;
const TRANSACTION = 152;
const META_BYTES = 160;

interface Metas {
  readonly newest: Buffer;
  readonly other: Buffer;
}

async function readMetas(file: FileHandle, pageSize: number): Promise<Metas> {
  const first = await readMeta(file, 0);
  const second = await readMeta(file, pageSize);
  const isSecond = second.readBigUInt64LE(TRANSACTION) > first.readBigUInt64LE(TRANSACTION);
  return isSecond ? { newest: second, other: first } : { newest: first, other: second };
}

async function readMeta(file: FileHandle, position: number): Promise<Buffer> {
  const meta = Buffer.alloc(META_BYTES);
  await file.read(meta, 0, META_BYTES, position);
  return meta;
}

async function walk(file: FileHandle, pageSize: number, { newest, other }: Metas): Promise<void> {
  const flagsAt = FREE_TREE + FLAGS_IN_TREE;
  check(newest.readUInt16LE(flagsAt) === other.readUInt16LE(flagsAt), 'the meta pages differ in their flags');
  const trees = new TreeWalk({
    descriptor: file.fd,
    pageSize,
    pages: Number(newest.readBigUInt64LE(LAST_PAGE)) + 1,
    transaction: newest.readBigUInt64LE(TRANSACTION),
  });
  trees.addTree(newest.subarray(FREE_TREE, FREE_TREE + TREE_BYTES), 'lists');
  trees.addTree(newest.subarray(MAIN_TREE, MAIN_TREE + TREE_BYTES), 'trees');
  await trees.finish();
}

/**
 * What is wrong with the trees of a file whose meta pages are sound; undefined if nothing is. LMDB follows its pages blindly: a flipped bit
 * in a header crashes the process, and would crash it again at every start. Reads all pages but the bodies of large records, so it is only
 * for files whose last user did not end properly or that have been written to since they were closed. A file that changes during the check
 * passes.
 */
export async function verifyTrees(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const first = await readMeta(file, 0);
    const pageSize = first.readUInt32LE(FREE_TREE);
    const metas = await readMetas(file, pageSize);
    try {
      await walk(file, pageSize, metas);
      return undefined;
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const now = await readMetas(file, pageSize);
      const isQuiet = now.newest.readBigUInt64LE(TRANSACTION) === metas.newest.readBigUInt64LE(TRANSACTION);
      return isQuiet ? error.message : undefined;
    }
  } finally {
    await file.close();
  }
}
