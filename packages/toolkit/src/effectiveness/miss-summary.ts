import type { DifferenceClass, Miss, MissCause, MissReport } from '@ai-toolkit/ai-client';

/** Misses that differ from an earlier request in one class of difference only. */
export interface MissClass {
  readonly class: DifferenceClass | 'several';
  readonly count: number;
  /** Share of the analysed misses, 0 to 1. */
  readonly share: number;
  /** Paths of the differences, most frequent first; at most ten. */
  readonly paths: readonly { readonly path: string; readonly count: number }[];
}

export interface MissSummary {
  readonly enabled: boolean;
  /** Recent misses that were analysed. */
  readonly looked: number;
  /** Misses since the start that came too fast to be analysed, or were too large. */
  readonly passedOver: number;
  readonly causes: Readonly<Partial<Record<MissCause, number>>>;
  /** Misses similar to an earlier request, by class of difference; most frequent first. */
  readonly classes: readonly MissClass[];
}

const maxPaths = 10;

export function summariseMisses({ enabled, misses, passedOver }: MissReport): MissSummary {
  const causes = new Map<MissCause, number>();
  const classes = new Map<MissClass['class'], Map<string, number>>();
  const counts = new Map<MissClass['class'], number>();
  for (const miss of misses) {
    count(causes, miss.cause);
    const found = classOfMiss(miss);
    if (found === undefined) continue;
    count(counts, found);
    const paths = classes.get(found) ?? new Map<string, number>();
    classes.set(found, paths);
    for (const { path } of miss.differences ?? []) count(paths, path);
  }
  return {
    enabled,
    looked: misses.length,
    passedOver,
    causes: Object.fromEntries(causes),
    classes: [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, total]) => ({
        class: name,
        count: total,
        share: total / misses.length,
        paths: [...(classes.get(name) ?? [])]
          .sort(([, a], [, b]) => b - a)
          .slice(0, maxPaths)
          .map(([path, times]) => ({ path, count: times })),
      })),
  };
}

/** The class shared by all differences; `several` if there are more. */
function classOfMiss({ cause, differences = [] }: Miss): MissClass['class'] | undefined {
  const [first, ...rest] = differences;
  if (cause !== 'near' || first === undefined) return undefined;
  return rest.every((other) => other.class === first.class) ? first.class : 'several';
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
