import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/*
 * The layout of LMDB's pages on 64-bit machines (`MDB_page_header`, `MDB_node`, `MDB_db` in its mdb.c). A page begins with
 * its own number, and a header of 24 bytes from which offsets in the page are counted. A node has 8 bytes before its key.
 */
const PAGE_HEADER = 24;
const NODE_HEADER = 8;
const IS_BRANCH = 0x01;
const IS_LEAF = 0x02;
const IS_OVERFLOW = 0x04;
const HAS_BIG_DATA = 0x01;
const HAS_SUB_TREE = 0x02;
const TREE_BYTES = 48;
const ROOT_IN_TREE = 40;
const TREES_IN_META = [48, 96] as const;
const LAST_PAGE_IN_META = 144;
const TRANSACTION_IN_META = 152;
const META_BYTES = 160;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
/** Pages between two turns of the event loop. */
const PAGES_PER_TURN = 500;

class Damage extends Error {}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Damage(what);
}

/** Walks the trees of a file and checks that every page is what its parent takes it for. */
class Walk {
  readonly #file: number;
  readonly #pageSize: number;
  readonly #pages: number;
  readonly #seen: Uint8Array;
  readonly #pending: number[] = [];

  constructor(file: number, pageSize: number, pages: number) {
    this.#file = file;
    this.#pageSize = pageSize;
    this.#pages = pages;
    this.#seen = new Uint8Array(pages);
  }

  addTree(tree: Buffer): void {
    const root = tree.readBigUInt64LE(ROOT_IN_TREE);
    if (root !== NO_PAGE) this.#pending.push(Number(root));
  }

  /** Does a turn's worth of work; false when there is nothing left. */
  go(): boolean {
    for (let count = 0; count < PAGES_PER_TURN; count += 1) {
      const page = this.#pending.pop();
      if (page === undefined) return false;
      this.#visit(page);
    }
    return true;
  }

  #visit(number: number): void {
    const page = this.#read(number, this.#pageSize);
    const kind = page.readUInt16LE(18) & (IS_BRANCH | IS_LEAF | IS_OVERFLOW);
    check(kind === IS_BRANCH || kind === IS_LEAF, `page ${number} is neither branch nor leaf`);
    const body = page.subarray(PAGE_HEADER);
    const lower = page.readUInt16LE(20);
    const upper = page.readUInt16LE(22);
    check(lower <= upper && upper <= body.length && lower % 2 === 0, `page ${number} has impossible bounds`);
    check(kind === IS_LEAF || lower >= 4, `branch page ${number} has less than two children`);
    for (let slot = 0; slot < lower; slot += 2) {
      const at = body.readUInt16LE(slot);
      check(at >= upper && at + NODE_HEADER <= body.length, `page ${number} has a node outside of itself`);
      if (kind === IS_BRANCH) this.#visitChild(body, at, number);
      else this.#visitNode(body, at, number);
    }
  }

  #visitChild(body: Buffer, at: number, number: number): void {
    check(
      at + NODE_HEADER + body.readUInt16LE(at + 6) <= body.length,
      `page ${number} has a key beyond its end`,
    );
    this.#pending.push(body.readUIntLE(at, 6));
  }

  #visitNode(body: Buffer, at: number, number: number): void {
    const size = body.readUInt32LE(at);
    const flags = body.readUInt16LE(at + 4);
    const data = at + NODE_HEADER + body.readUInt16LE(at + 6);
    const stored = (flags & HAS_BIG_DATA) === 0 ? size : 8;
    check(data + stored <= body.length, `page ${number} has data beyond its end`);
    if ((flags & HAS_BIG_DATA) !== 0) {
      this.#visitOverflow(Number(body.readBigUInt64LE(data)), size);
    } else if ((flags & HAS_SUB_TREE) !== 0) {
      check(size === TREE_BYTES, `page ${number} has a tree of a wrong size`);
      this.addTree(body.subarray(data, data + TREE_BYTES));
    }
  }

  #visitOverflow(number: number, size: number): void {
    const header = this.#read(number, PAGE_HEADER);
    check((header.readUInt16LE(18) & IS_OVERFLOW) !== 0, `page ${number} is no overflow page`);
    const count = header.readUInt32LE(20);
    check(count === Math.ceil((size + PAGE_HEADER) / this.#pageSize), `page ${number} has a wrong extent`);
    check(number + count <= this.#pages, `page ${number} extends beyond the end`);
  }

  #read(number: number, length: number): Buffer {
    check(number >= 2 && number < this.#pages, `there is no page ${number}`);
    check(this.#seen[number] === 0, `page ${number} is used twice`);
    this.#seen[number] = 1;
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(this.#file, bytes, 0, length, number * this.#pageSize);
    check(read === length && Number(bytes.readBigUInt64LE(0)) === number, `page ${number} is another page`);
    return bytes;
  }
}

async function readMeta(file: FileHandle, pageSize: number): Promise<Buffer> {
  const metas: Buffer[] = [];
  for (const position of [0, pageSize]) {
    const meta = Buffer.alloc(META_BYTES);
    await file.read(meta, 0, META_BYTES, position);
    metas.push(meta);
  }
  return metas.reduce((newest, meta) =>
    meta.readBigUInt64LE(TRANSACTION_IN_META) > newest.readBigUInt64LE(TRANSACTION_IN_META) ? meta : newest,
  );
}

/**
 * What is wrong with the trees of a file whose meta pages are sound; undefined for nothing. LMDB follows its pages blindly: a flipped bit
 * in a header ends the process, and would end it again at every start. Reads all pages but the bodies of large records, so it
 * is for files whose last user did not come to a good end. A file that is being written meanwhile passes.
 */
export async function verifyTrees(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const first = Buffer.alloc(META_BYTES);
    await file.read(first, 0, META_BYTES, 0);
    const pageSize = first.readUInt32LE(TREES_IN_META[0]);
    const meta = await readMeta(file, pageSize);
    try {
      const walk = new Walk(file.fd, pageSize, Number(meta.readBigUInt64LE(LAST_PAGE_IN_META)) + 1);
      for (const position of TREES_IN_META) walk.addTree(meta.subarray(position, position + TREE_BYTES));
      while (walk.go()) await new Promise<void>((resolve) => setImmediate(resolve));
      return undefined;
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const now = await readMeta(file, pageSize);
      const isQuiet = now.readBigUInt64LE(TRANSACTION_IN_META) === meta.readBigUInt64LE(TRANSACTION_IN_META);
      return isQuiet ? error.message : undefined;
    }
  } finally {
    await file.close();
  }
}
