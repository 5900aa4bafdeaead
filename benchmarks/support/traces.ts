/** Keys in the order of lookup. */
export interface Trace {
  readonly name: string;
  readonly keys: readonly number[];
}

/** Deterministic random numbers from 0 up to 1: the linear congruential generator of Numerical Recipes. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Draws keys whose frequency is inversely proportional to rank ** `skew`. */
export function createZipf(universe: number, skew: number, length: number, seed: number): number[] {
  const random = createRandom(seed);
  const sums = new Float64Array(universe);
  let sum = 0;
  for (let rank = 0; rank < universe; rank += 1) {
    sum += 1 / (rank + 1) ** skew;
    sums[rank] = sum;
  }
  return Array.from({ length }, () => {
    const target = random() * sum;
    let low = 0;
    let high = universe - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < target) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** Share of the lookups for which `ask` resolves to true. */
export async function hitRatio(trace: Trace, ask: (key: string) => Promise<boolean>): Promise<number> {
  let hits = 0;
  for (const key of trace.keys) if (await ask(`key ${key}`)) hits += 1;
  return hits / trace.keys.length;
}
