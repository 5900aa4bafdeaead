interface Kept<V> {
  readonly value: V;
  readonly size: number;
}

/**
 * A bounded approximation of LRU with two generations: when the younger is full, the older is dropped. Entries that are used move to the
 * younger generation and so stay.
 */
export class Generations<K, V> {
  private readonly generationSize: number;
  private young: Map<K, Kept<V>> = new Map();
  private old: Map<K, Kept<V>> = new Map();
  private youngSize = 0;

  /** `generationSize`: maximum sum of sizes in one generation; up to twice as much is kept. */
  constructor(generationSize: number) {
    this.generationSize = generationSize;
  }

  get(key: K): V | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young.value;
    const kept = this.old.get(key);
    if (kept !== undefined) this.add(key, kept);
    return kept?.value;
  }

  set(key: K, value: V, size: number): void {
    this.add(key, { value, size });
  }

  private add(key: K, kept: Kept<V>): void {
    this.youngSize += kept.size - (this.young.get(key)?.size ?? 0);
    this.young.set(key, kept);
    if (this.youngSize <= this.generationSize) return;
    this.old = this.young;
    this.young = new Map();
    this.youngSize = 0;
  }
}
