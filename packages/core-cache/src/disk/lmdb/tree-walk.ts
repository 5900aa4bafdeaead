import { readSync } from 'node:fs';

/*
 * LMDB's page layout on 64-bit machines (`MDB_page_header`, `MDB_node`, `MDB_ovpage`, `MDB_db` in its mdb.c). A page starts with a header
 * of 24 bytes, which begins with the page's number and the transaction that wrote it. Offsets in the page count from the end of the header.
 * A node has 8 bytes before its key.
 */
const PAGE_HEADER = 24;
const NODE_HEADER = 8;
const IS_BRANCH = 0x01;
const IS_LEAF = 0x02;
const IS_OVERFLOW = 0x04;
const HAS_BIG_DATA = 0x01;
const HAS_SUB_TREE = 0x02;
const OVERFLOW_BYTES = 24;
const TREE_BYTES = 48;
const MAX_KEY_BYTES = 511;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
/** Pages visited between two turns of the event loop. */
const PAGES_PER_TURN = 500;

/** Says what is wrong with a file. */
export class Damage extends Error {}

export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Damage(what);
}

/** What the walk needs to know about a file, from its newest meta page. */
export interface WalkedFile {
  readonly descriptor: number;
  readonly pageSize: number;
  readonly pages: number;
  readonly transaction: bigint;
}

/** The counts that a tree claims, less what the walk has found of them so far. */
interface Tree {
  readonly depth: number;
  branches: number;
  leaves: number;
  overflows: number;
  entries: number;
  /** What its nodes hold instead of bytes: other trees, or lists of free pages. */
  readonly holds?: 'trees' | 'lists';
}

interface Step {
  readonly page: number;
  /** Counted from the root, which is on level 1. */
  readonly level: number;
  readonly tree: Tree;
}

/** Walks the trees of a file and checks that every page is what its parent says, and that every tree has what it claims. */
export class TreeWalk {
  readonly #file: WalkedFile;
  readonly #seen: Uint8Array;
  readonly #pending: Step[] = [];
  readonly #trees: Tree[] = [];
  readonly #lists: Buffer[] = [];

  constructor(file: WalkedFile) {
    this.#file = file;
    this.#seen = new Uint8Array(file.pages);
  }

  addTree(bytes: Buffer, holds?: Tree['holds']): void {
    const tree: Tree = {
      depth: bytes.readUInt16LE(6),
      branches: Number(bytes.readBigUInt64LE(8)),
      leaves: Number(bytes.readBigUInt64LE(16)),
      overflows: Number(bytes.readBigUInt64LE(24)),
      entries: Number(bytes.readBigUInt64LE(32)),
      ...(holds === undefined ? {} : { holds }),
    };
    // The flags of the free-page tree are the file's own and are compared between both meta pages.
    check(holds === 'lists' || bytes.readUInt16LE(4) === 0, 'a tree is of a kind that is not used');
    this.#trees.push(tree);
    const root = bytes.readBigUInt64LE(40);
    if (root !== NO_PAGE) this.#pending.push({ page: Number(root), level: 1, tree });
    else check(tree.depth === 0, 'a tree without a page has a depth');
  }

  async finish(): Promise<void> {
    for (let pages = 1; ; pages += 1) {
      const step = this.#pending.pop();
      if (step === undefined) break;
      this.#visit(step);
      if (pages % PAGES_PER_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    for (const { branches, leaves, overflows, entries } of this.#trees)
      check(
        branches === 0 && leaves === 0 && overflows === 0 && entries === 0,
        'a tree has not the pages that it counts',
      );
    for (const list of this.#lists) this.#checkList(list);
  }

  #visit(step: Step): void {
    const { page: number, level, tree } = step;
    const page = this.#read(number, this.#file.pageSize);
    const kind = page.readUInt16LE(18);
    check(kind === IS_BRANCH || kind === IS_LEAF, `page ${number} is neither branch nor leaf`);
    check((kind === IS_LEAF) === (level === tree.depth), `page ${number} is on a wrong level`);
    const body = page.subarray(PAGE_HEADER);
    const lower = page.readUInt16LE(20);
    const upper = page.readUInt16LE(22);
    check(lower <= upper && upper <= body.length && lower % 2 === 0, `page ${number} has impossible bounds`);
    check(kind === IS_LEAF || lower >= 4, `branch page ${number} has less than two children`);
    if (kind === IS_BRANCH) tree.branches -= 1;
    else tree.leaves -= 1;
    for (let slot = 0; slot < lower; slot += 2) {
      const at = body.readUInt16LE(slot);
      check(at >= upper && at + NODE_HEADER <= body.length, `page ${number} has a node outside of itself`);
      const keyBytes = body.readUInt16LE(at + 6);
      const data = at + NODE_HEADER + keyBytes;
      check(keyBytes <= MAX_KEY_BYTES && data <= body.length, `page ${number} has a key beyond its end`);
      if (kind === IS_BRANCH) this.#pending.push({ page: body.readUIntLE(at, 6), level: level + 1, tree });
      else this.#visitNode(body, at, data, step);
    }
  }

  #visitNode(body: Buffer, at: number, data: number, { page: number, tree }: Step): void {
    const size = body.readUInt32LE(at);
    const flags = body.readUInt16LE(at + 4);
    const stored = flags === HAS_BIG_DATA ? OVERFLOW_BYTES : size;
    check(data > at + NODE_HEADER, `page ${number} has a node without a key`);
    check(data + stored <= body.length, `page ${number} has data beyond its end`);
    tree.entries -= 1;
    const bytes = body.subarray(data, data + stored);
    if (tree.holds === 'trees') {
      check(flags === HAS_SUB_TREE && size === TREE_BYTES, `page ${number} has a tree of a wrong size`);
      this.addTree(bytes);
      return;
    }
    check(flags === 0 || flags === HAS_BIG_DATA, `page ${number} has a node of an unknown kind`);
    const value = flags === HAS_BIG_DATA ? this.#visitOverflow(bytes, size, tree) : bytes;
    if (tree.holds === 'lists') this.#lists.push(value);
  }

  /** Returns the value if it is a list; nobody needs the others. */
  #visitOverflow(bytes: Buffer, size: number, tree: Tree): Buffer {
    const number = Number(bytes.readBigUInt64LE(0));
    const count = Number(bytes.readBigUInt64LE(16));
    const length = tree.holds === 'lists' ? PAGE_HEADER + size : PAGE_HEADER;
    check(
      count === Math.ceil((size + PAGE_HEADER) / this.#file.pageSize),
      `page ${number} has a wrong extent`,
    );
    check(number + count <= this.#file.pages, `page ${number} extends beyond the end`);
    const page = this.#read(number, length);
    check(page.readUInt16LE(18) === IS_OVERFLOW, `page ${number} is no overflow page`);
    check(page.readUInt32LE(20) === count, `page ${number} has a wrong extent`);
    for (let next = number + 1; next < number + count; next += 1) this.#take(next);
    tree.overflows -= count;
    return page.subarray(PAGE_HEADER);
  }

  /**
   * Checks a list of free pages: their count, then their numbers. A negative number -n says that the next one begins a run of n pages.
   * Zeros are gaps.
   */
  #checkList(list: Buffer): void {
    check(list.length >= 8 && list.length % 8 === 0, 'a list of free pages has a wrong size');
    const count = Number(list.readBigInt64LE(0));
    check(count >= 0 && (count + 1) * 8 <= list.length, 'a list of free pages is longer than its place');
    let run = 1;
    for (let at = 1; at <= count; at += 1) {
      const entry = Number(list.readBigInt64LE(at * 8));
      if (entry < 0) run = -entry;
      if (entry <= 0) continue;
      check(entry + run <= this.#file.pages, 'a list has free pages beyond the end');
      for (let page = entry; page < entry + run; page += 1) this.#take(page);
      run = 1;
    }
  }

  #take(number: number): void {
    check(number >= 2 && number < this.#file.pages, `there is no page ${number}`);
    check(this.#seen[number] === 0, `page ${number} is used twice`);
    this.#seen[number] = 1;
  }

  #read(number: number, length: number): Buffer {
    this.#take(number);
    const { descriptor, pageSize, transaction } = this.#file;
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(descriptor, bytes, 0, length, number * pageSize);
    check(
      read === length &&
        Number(bytes.readBigUInt64LE(0)) === number &&
        bytes.readBigUInt64LE(8) <= transaction,
      `page ${number} is another page`,
    );
    return bytes;
  }
}
