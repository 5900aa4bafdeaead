import type { DiskUsage } from '../disk-driver.js';

/** Page counts of a tree as `getStats` returns them; lmdb types the result as a plain object. */
interface TreeStats {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

interface FileStats extends TreeStats {
  readonly pageSize: number;
  readonly lastPageNumber: number;
  /** The tree of free pages: its own pages are in use. */
  readonly free: TreeStats;
}

/** The part of a database that is used here. */
export interface Counted {
  getStats(): object;
}

const META_PAGES = 2;

function pagesOf(tree: TreeStats): number {
  return tree.treeBranchPageCount + tree.treeLeafPageCount + tree.overflowPages;
}

/** Adds up the page counts that LMDB keeps for each tree. `root` is the tree that holds the others. */
export function countPages(root: Counted, databases: readonly Counted[]): DiskUsage {
  const file = root.getStats() as FileStats;
  let pages = META_PAGES + pagesOf(file) + pagesOf(file.free);
  for (const database of databases) pages += pagesOf(database.getStats() as TreeStats);
  return { usedBytes: pages * file.pageSize, fileBytes: (file.lastPageNumber + 1) * file.pageSize };
}
