/** Indices of counterparts in the two lists; one is missing if an item was added or removed. */
export type Pair = readonly [here: number | undefined, there: number | undefined];

/** Most table cells of one alignment; lists that need more are paired by position. */
const maxCells = 250_000;
const maxPairings = 10_000;

/**
 * Pairs the items of two lists: first equal ones, as many as keep their order (longest common subsequence), then the most similar of those
 * in between. So an inserted item is a single difference, rather than one for each item after it. `likeness` is only called for items that
 * differ: 0 for nothing in common, up to 1.
 */
export function align(
  here: readonly string[],
  there: readonly string[],
  likeness: (here: number, there: number) => number,
): Pair[] {
  const pairs: Pair[] = [];
  let start = 0;
  while (start < here.length && start < there.length && here[start] === there[start]) {
    pairs.push([start, start]);
    start++;
  }
  let end = 0;
  while (
    end < here.length - start &&
    end < there.length - start &&
    here[here.length - 1 - end] === there[there.length - 1 - end]
  )
    end++;
  let from: [here: number, there: number] = [start, start];
  const between = (to: readonly [here: number, there: number]): void => {
    pairs.push(...pairUp(range(from[0], to[0]), range(from[1], to[1]), likeness));
    from = [to[0] + 1, to[1] + 1];
  };
  for (const equal of commonSubsequence(here, there, start, end)) {
    between(equal);
    pairs.push(equal);
  }
  between([here.length - end, there.length - end]);
  for (let left = end; left > 0; left--) pairs.push([here.length - left, there.length - left]);
  return pairs;
}

/** Equal items of both lists, in order, without the first `start` and the last `end` of each. */
function commonSubsequence(
  here: readonly string[],
  there: readonly string[],
  start: number,
  end: number,
): [here: number, there: number][] {
  const rows = here.length - start - end;
  const columns = there.length - start - end;
  if (rows * columns === 0 || rows * columns > maxCells) return [];
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] =
        here[start + row] === there[start + column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const equal: [number, number][] = [];
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (here[start + row] === there[start + column]) equal.push([start + row++, start + column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return equal;
}

/** Pairs as many items as possible, in order, maximising the total likeness. */
function pairUp(
  here: readonly number[],
  there: readonly number[],
  likeness: (here: number, there: number) => number,
): Pair[] {
  const short = here.length <= there.length ? here : there;
  const spare = Math.abs(here.length - there.length);
  const skips = short === here ? there : here;
  if (short.length === 0) return skips.map((place) => pairOf(undefined, place, short === here));
  const offsets = short.length * (spare + 1) > maxPairings ? short.map(() => 0) : bestOffsets();
  const partners = short.map((_, index) => index + (offsets[index] ?? 0));
  const pairs: Pair[] = [];
  let next = 0;
  for (const [place, partner] of skips.entries()) {
    if (partners[next] === place) pairs.push(pairOf(short[next++], partner, short === here));
    else pairs.push(pairOf(undefined, partner, short === here));
  }
  return pairs;

  /** The shift of each item of the shorter list: a monotonic path through a table. */
  function bestOffsets(): number[] {
    const width = spare + 1;
    const best = new Float64Array((short.length + 1) * width);
    for (let index = short.length - 1; index >= 0; index--) {
      for (let offset = spare; offset >= 0; offset--) {
        const mine = likenessAt(index, offset) + (best[(index + 1) * width + offset] ?? 0);
        const moved = offset < spare ? (best[index * width + offset + 1] ?? 0) : -1;
        best[index * width + offset] = Math.max(mine, moved);
      }
    }
    const chosen: number[] = [];
    let offset = 0;
    for (let index = 0; index < short.length; index++) {
      const value = best[index * width + offset];
      while (offset < spare && best[index * width + offset + 1] === value) {
        if (likenessAt(index, offset) + (best[(index + 1) * width + offset] ?? 0) === value) break;
        offset++;
      }
      chosen.push(offset);
    }
    return chosen;
  }

  function likenessAt(index: number, offset: number): number {
    const mine = short[index] ?? 0;
    const other = skips[index + offset] ?? 0;
    return short === here ? likeness(mine, other) : likeness(other, mine);
  }
}

function pairOf(short: number | undefined, long: number | undefined, shortIsHere: boolean): Pair {
  return shortIsHere ? [short, long] : [long, short];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
