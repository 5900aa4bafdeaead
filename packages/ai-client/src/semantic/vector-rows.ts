import type { ExactSearch } from './exact-search.js';

export interface Neighbour {
  readonly key: string;
  /** Cosine of the angle between the vectors: 1 for the same direction. */
  readonly similarity: number;
}

/** Unit vectors of one length in a contiguous array, as the search requires. The order of the rows is insignificant. */
export class VectorRows {
  readonly dimensions: number;
  private readonly search: ExactSearch;
  /** Capacity starts at one row and doubles as needed: most buckets never hold a second. */
  private data: Float32Array;
  private readonly keys: string[] = [];
  private readonly rowOf: Map<string, number> = new Map();

  constructor(dimensions: number, search: ExactSearch) {
    this.dimensions = dimensions;
    this.search = search;
    this.data = new Float32Array(dimensions);
  }

  get size(): number {
    return this.keys.length;
  }

  /** Adds or replaces the vector of a key. */
  set(key: string, vector: Float32Array): void {
    const known = this.rowOf.get(key);
    const row = known ?? this.size;
    if (known === undefined) {
      this.keys.push(key);
      this.rowOf.set(key, row);
    }
    const start = row * this.dimensions;
    if (start + this.dimensions > this.data.length) {
      const larger = new Float32Array(2 * this.data.length);
      larger.set(this.data);
      this.data = larger;
    }
    this.data.set(vector, start);
  }

  /** Moves the last row into the place of the deleted one. */
  delete(key: string): void {
    const row = this.rowOf.get(key);
    if (row === undefined) return;
    this.rowOf.delete(key);
    const last = this.keys.pop();
    if (last === undefined || last === key) return;
    this.keys[row] = last;
    this.rowOf.set(last, row);
    const from = this.size * this.dimensions;
    this.data.copyWithin(row * this.dimensions, from, from + this.dimensions);
  }

  /** The nearest rows, nearest first. */
  nearest(vector: Float32Array, count: number): Neighbour[] {
    if (this.size === 0) return [];
    const { dimensions } = this;
    const rows = this.data.subarray(0, this.size * dimensions);
    const found = this.search(rows, vector, dimensions, Math.min(count, this.size), 'ip', 1);
    return Array.from(found.keys, (row, position) => ({
      key: this.keys[Number(row)] ?? '',
      similarity: Math.min(1, 1 - (found.distances[position] ?? 1)),
    }));
  }
}
