import type { MetricFamily, MetricSample } from './metric-family.js';

/** For a tier that processes share, each of them reports the same size. */
const sharedTierMetrics: ReadonlySet<string> = new Set([
  'ai_toolkit_cache_bytes',
  'ai_toolkit_cache_entries',
]);
const ownTier = 'memory';

/**
 * Merges what several processes of one server counted: series with the same labels are added up, except for the size of shared cache tiers,
 * which counts once, and the state of circuits, of which the worst is reported.
 */
export function mergeMetrics(processes: readonly (readonly MetricFamily[])[]): readonly MetricFamily[] {
  const merged = new Map<string, { family: MetricFamily; samples: Map<string, MetricSample> }>();
  for (const family of processes.flat()) {
    let into = merged.get(family.name);
    if (into === undefined) {
      into = { family, samples: new Map() };
      merged.set(family.name, into);
    }
    for (const sample of family.samples) {
      const series = JSON.stringify([sample.name, Object.entries(sample.labels).sort(byName)]);
      const before = into.samples.get(series);
      into.samples.set(series, before === undefined ? sample : combine(family.name, before, sample));
    }
  }
  return [...merged.values()].map(({ family, samples }) => ({ ...family, samples: [...samples.values()] }));
}

function combine(metric: string, a: MetricSample, b: MetricSample): MetricSample {
  const isShared = sharedTierMetrics.has(metric) && a.labels.tier !== ownTier;
  const isWorst = isShared || metric === 'ai_toolkit_breaker_state';
  return { ...a, value: isWorst ? Math.max(a.value, b.value) : a.value + b.value };
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
