import { createRequire } from 'node:module';

/** Result of a search: row numbers, nearest first, and their distances. */
interface Neighbours {
  readonly keys: BigUint64Array;
  readonly distances: Float32Array;
}

/** Compares a vector with every row of `data` by inner product. From the package `usearch`. */
export type ExactSearch = (
  data: Float32Array,
  query: Float32Array,
  dimensions: number,
  count: number,
  metric: 'ip',
  threads: number,
) => Neighbours;

/**
 * Loads the search. The package is an optional peer dependency, because its 20 MB of native code for four platforms should not be installed
 * for a feature that is off. Throws a `TypeError` if it is missing.
 */
export function loadExactSearch(): ExactSearch {
  try {
    const { exactSearch } = createRequire(import.meta.url)('usearch') as { exactSearch: ExactSearch };
    return exactSearch;
  } catch (cause) {
    throw new TypeError(
      'semantic needs the package "usearch", which cannot be loaded: add it to your dependencies (npm install usearch)',
      { cause },
    );
  }
}
