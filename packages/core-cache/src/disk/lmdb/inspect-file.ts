import { open } from 'node:fs/promises';

/*
 * Layout of the fields checked here (64-bit builds, `MDB_page_header` and `MDB_meta` in LMDB's mdb.c): pages 0 and 1 are meta pages; each
 * has a header of 24 bytes, then magic, version, address, map size, two trees of 48 bytes (the first starts with the page size) and the
 * number of the last page.
 */
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const PAGE_IS_META = 0x08;
const AT = { flags: 18, magic: 24, version: 28, pageSize: 48, lastPage: 144 } as const;
const META_BYTES = 152;

export type FileVerdict =
  | { readonly state: 'absent' }
  | { readonly state: 'sound' }
  | { readonly state: 'damaged'; readonly reason: string };

function damaged(reason: string): FileVerdict {
  return { state: 'damaged', reason };
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}

/**
 * Whether LMDB can open a file without risk. It maps the file and trusts it: if the file is shorter than its meta pages claim, the first
 * access past its end kills the process with SIGBUS, which no error handling catches.
 */
export async function inspectFile(path: string): Promise<FileVerdict> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'absent' };
    throw error;
  }
  try {
    const first = Buffer.alloc(META_BYTES);
    const { bytesRead } = await file.read(first, 0, META_BYTES, 0);
    if (bytesRead === 0) return { state: 'absent' };
    const pageSize = bytesRead < META_BYTES ? 0 : first.readUInt32LE(AT.pageSize);
    if (!isPageSize(pageSize)) return damaged('the first meta page has no valid page size');
    const second = Buffer.alloc(META_BYTES);
    const read = await file.read(second, 0, META_BYTES, pageSize);
    if (read.bytesRead < META_BYTES) return damaged('the second meta page is missing');
    const { size } = await file.stat();
    return (
      judgeMeta(first, 'first', pageSize, size) ??
      judgeMeta(second, 'second', pageSize, size) ?? { state: 'sound' }
    );
  } finally {
    await file.close();
  }
}

function judgeMeta(meta: Buffer, which: string, pageSize: number, fileSize: number): FileVerdict | undefined {
  if ((meta.readUInt16LE(AT.flags) & PAGE_IS_META) === 0) return damaged(`the ${which} page is no meta page`);
  if (meta.readUInt32LE(AT.magic) !== MAGIC) return damaged(`the ${which} meta page has no magic number`);
  if ((meta.readUInt32LE(AT.version) & 0xffff) !== DATA_VERSION)
    return damaged(`the ${which} meta page has another version`);
  if (meta.readUInt32LE(AT.pageSize) !== pageSize) return damaged('the meta pages differ in page size');
  const promised = (Number(meta.readBigUInt64LE(AT.lastPage)) + 1) * pageSize;
  if (promised > fileSize)
    return damaged(`the file has ${fileSize} bytes, its ${which} meta page promises ${promised}`);
  return undefined;
}
