import type { CacheOutcome } from '@ai-toolkit/ai-client';
import { sumWaits } from '@ai-toolkit/rate-limit';
import type { EffectivenessSample } from './sample.js';

type Numbers<T> = { readonly [Name in keyof T]: T[Name] extends number ? T[Name] : never };

/** Merges the samples of several processes. The caller merges the cache statistics, since it knows which tiers are shared. */
export function mergeSamples(
  samples: readonly [EffectivenessSample, ...EffectivenessSample[]],
  cache: EffectivenessSample['cache'],
): EffectivenessSample {
  const [first] = samples;
  const outcomes = sumOf(samples.map(({ calls }) => calls.outcomes)) as Record<CacheOutcome, number>;
  return {
    since: Math.min(...samples.map(({ since }) => since)),
    calls: { ...sumOf(samples.map(({ calls: { outcomes: _outcomes, ...counts } }) => counts)), outcomes },
    cache,
    limits: {
      ...sumOf(samples.map(({ limits: { waits: _waits, ...counts } }) => counts)),
      waits: sumWaits(samples.map(({ limits }) => limits.waits)),
    },
    secondChances: sumOf(samples.map(({ secondChances }) => secondChances)),
    circuits: {
      openings: samples.reduce((sum, { circuits }) => sum + circuits.openings, 0),
      // Each process notices separately that a provider is down, but it is the same provider.
      open: Math.max(...samples.map(({ circuits }) => circuits.open)),
    },
    misses: {
      enabled: first.misses.enabled,
      misses: samples.flatMap(({ misses }) => misses.misses).sort((a, b) => b.at - a.at),
      waiting: samples.reduce((sum, { misses }) => sum + misses.waiting, 0),
      passedOver: samples.reduce((sum, { misses }) => sum + misses.passedOver, 0),
    },
  };
}

/** Adds up numbers by name. */
function sumOf<T extends object>(all: readonly (T & Numbers<T>)[]): T {
  const total: Record<string, number> = {};
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + Number(count);
  return total as T;
}
