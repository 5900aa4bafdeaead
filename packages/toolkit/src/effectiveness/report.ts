import type { CacheOutcome, SecondChances } from '@ai-toolkit/ai-client';
import type { MissCounts, TierStats } from '@ai-toolkit/core-cache';
import { waitPercentile } from '@ai-toolkit/rate-limit';
import type { Advice } from '../advice/advice.js';
import { adviseOn } from '../advice/advise.js';
import type { Config } from '../config/schema.js';
import { type MissSummary, summariseMisses } from './miss-summary.js';
import type { EffectivenessSample } from './sample.js';

/** Calls spared or saved by one mechanism. */
export interface LayerSaving {
  /** `memory cache`, `disk cache`, `semantic cache`, `coalescing`, `stale answers`, `limits`, `retries`, `fallbacks`. */
  readonly layer: string;
  /** For the first five, calls answered without asking a provider; for the others, calls that would have failed otherwise. */
  readonly calls: number;
  /** Share of all calls, 0 to 1. */
  readonly share: number;
}

export interface TierEffectiveness
  extends Pick<TierStats, 'name' | 'state' | 'entries' | 'bytes' | 'maxBytes' | 'evictions'> {
  readonly hits: number;
  readonly misses: number;
  /** 0 to 1; absent before the first lookup. */
  readonly hitRate?: number;
  readonly returned?: number;
  readonly unread?: number;
}

/** What each layer has saved since the server started, and advice on the rest. Plain data. */
export interface EffectivenessReport {
  /** Epoch, ms. */
  readonly since: number;
  readonly calls: {
    readonly total: number;
    readonly outcomes: Readonly<Record<CacheOutcome, number>>;
    /** Share of calls answered without asking a provider, 0 to 1; absent before the first call. */
    readonly hitRate?: number;
    readonly failed: number;
    readonly aborted: number;
    readonly streamsAsked: number;
    readonly streamsLeft: number;
    readonly streamsReplayed: number;
  };
  readonly saved: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly providerMs: number;
  };
  readonly layers: readonly LayerSaving[];
  readonly tiers: readonly TierEffectiveness[];
  /** Cache lookups without a fresh result, by reason. */
  readonly missed: MissCounts;
  readonly limits: {
    /** Calls that waited for limits and then went through, instead of being rejected by the provider. */
    readonly avoided: number;
    /** 429 responses from providers. */
    readonly suffered: number;
    readonly granted: number;
    readonly refused: number;
    readonly shed: number;
    readonly waits: {
      readonly count: number;
      readonly p50Ms?: number;
      readonly p95Ms?: number;
      readonly longestMs: number;
    };
  };
  readonly secondChances: SecondChances;
  readonly circuits: EffectivenessSample['circuits'];
  readonly misses: MissSummary;
  /** Largest share first. */
  readonly advice: readonly Advice[];
}

/** Builds a report from a sample; for several processes, merge their samples first. */
export function reportEffectiveness(sample: EffectivenessSample, config: Config): EffectivenessReport {
  const { since, calls, cache, limits, secondChances, circuits } = sample;
  const { outcomes, replayedInputTokens, replayedOutputTokens, replayedMs, ...counts } = calls;
  const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const replayed = outcomes.hit + outcomes.stale + outcomes.semantic + outcomes.coalesced;
  const { waits } = limits;
  const [p50Ms, p95Ms] = [waitPercentile(waits, 0.5), waitPercentile(waits, 0.95)];
  const report = {
    since,
    calls: { total, outcomes, ...ratio('hitRate', replayed, total), ...counts },
    saved: {
      inputTokens: replayedInputTokens,
      outputTokens: replayedOutputTokens,
      providerMs: replayedMs,
    },
    layers: layersOf(sample, total),
    tiers: cache.tiers.map(tierOf),
    missed: cache.missed,
    limits: {
      avoided: waits.count,
      suffered: limits.rateLimited,
      granted: limits.granted,
      refused: limits.refused,
      shed: limits.shed,
      waits: {
        count: waits.count,
        ...(p50Ms === undefined ? {} : { p50Ms }),
        ...(p95Ms === undefined ? {} : { p95Ms }),
        longestMs: waits.longestMs,
      },
    },
    secondChances,
    circuits,
    misses: summariseMisses(sample.misses),
  };
  return { ...report, advice: adviseOn(report, config) };
}

function layersOf(
  { calls, cache, limits, secondChances }: EffectivenessSample,
  total: number,
): LayerSaving[] {
  const { hit, stale, semantic, coalesced } = calls.outcomes;
  const hits = cache.tiers.reduce((sum, tier) => sum + tier.hits, 0);
  const saving = (layer: string, count: number): LayerSaving => ({
    layer,
    calls: count,
    share: total === 0 ? 0 : count / total,
  });
  return [
    // Tiers count lookups, of which a call may make several, so hits are attributed in proportion to each tier's hits.
    ...cache.tiers.map((tier) =>
      saving(`${tier.name} cache`, hits === 0 ? 0 : Math.round((hit * tier.hits) / hits)),
    ),
    saving('semantic cache', semantic),
    saving('coalescing', coalesced),
    saving('stale answers', stale),
    saving('limits', limits.waits.count),
    saving('retries', secondChances.retriesPaidOff),
    saving('fallbacks', secondChances.fallbacksPaidOff),
  ];
}

function tierOf(tier: TierStats): TierEffectiveness {
  const { name, state, entries, bytes, maxBytes, evictions, hits, misses, returned, unread } = tier;
  return {
    name,
    state,
    entries,
    bytes,
    maxBytes,
    evictions,
    hits,
    misses,
    ...ratio('hitRate', hits, hits + misses),
    ...(returned === undefined ? {} : { returned }),
    ...(unread === undefined ? {} : { unread }),
  };
}

function ratio<Name extends string>(name: Name, part: number, whole: number): { [N in Name]?: number } {
  return (whole === 0 ? {} : { [name]: part / whole }) as { [N in Name]?: number };
}
