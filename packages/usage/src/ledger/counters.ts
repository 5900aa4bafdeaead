import type { CacheOutcome } from '@ai-toolkit/ai-client';
import type { LedgerCall } from '../accounting.js';
import { bucketOf, type Histogram, percentile } from './histogram.js';
import type { UsageTotals } from './ledger-contract.js';

/** Each counter of a sum, with the SQL that reads it from one row of `calls`. */
export const counterSql = {
  calls: '1',
  hits: "cache = 'hit'",
  stale: "cache = 'stale'",
  semantic: "cache = 'semantic'",
  coalesced: "cache = 'coalesced'",
  misses: "cache = 'miss'",
  refreshes: "cache = 'refresh'",
  bypasses: "cache = 'bypass'",
  errors: "status = 'error'",
  aborted: "status = 'aborted'",
  billed_input: 'billed_input',
  billed_output: 'billed_output',
  replayed_input: 'replayed_input',
  replayed_output: 'replayed_output',
  saved_input: 'saved_input',
  saved_output: 'saved_output',
  billed_usd: 'billed_usd',
  saved_usd: 'saved_usd',
  unpriced_billed: 'billed_usd IS NULL',
  unpriced_saved: 'saved_usd IS NULL',
  time_saved_ms: 'time_saved_ms',
} as const;

export type CounterName = keyof typeof counterSql;
export const counterNames: readonly CounterName[] = Object.keys(counterSql) as CounterName[];

/** Sums over any set of calls; two of them can be added up. */
export interface Counters {
  readonly sums: Record<CounterName, number>;
  readonly latency: Histogram;
  readonly firstByte: Histogram;
}

const outcomeCounter: Readonly<Record<CacheOutcome, CounterName>> = {
  hit: 'hits',
  stale: 'stale',
  semantic: 'semantic',
  coalesced: 'coalesced',
  miss: 'misses',
  refresh: 'refreshes',
  bypass: 'bypasses',
};

const zeros = Object.fromEntries(counterNames.map((name) => [name, 0])) as Record<CounterName, number>;

export function emptyCounters(): Counters {
  return { sums: { ...zeros }, latency: new Map(), firstByte: new Map() };
}

export function countCall({ sums, latency, firstByte }: Counters, call: LedgerCall): void {
  sums.calls += 1;
  sums[outcomeCounter[call.cache]] += 1;
  if (call.status === 'error') sums.errors += 1;
  if (call.status === 'aborted') sums.aborted += 1;
  sums.billed_input += call.billed.input;
  sums.billed_output += call.billed.output;
  sums.replayed_input += call.replayed.input;
  sums.replayed_output += call.replayed.output;
  sums.saved_input += call.saved.input;
  sums.saved_output += call.saved.output;
  if (call.billedUsd === null) sums.unpriced_billed += 1;
  else sums.billed_usd += call.billedUsd;
  if (call.savedUsd === null) sums.unpriced_saved += 1;
  else sums.saved_usd += call.savedUsd;
  sums.time_saved_ms += call.timeSavedMs;
  addTo(latency, bucketOf(call.durationMs), 1);
  if (call.firstByteMs !== undefined) addTo(firstByte, bucketOf(call.firstByteMs), 1);
}

/** Written out, because a batch of many keys and models has thousands of sums, and looking up each name would be a search. */
export function addCounters(into: Counters, from: Counters): void {
  const { sums } = into;
  const added = from.sums;
  sums.calls += added.calls;
  sums.hits += added.hits;
  sums.stale += added.stale;
  sums.semantic += added.semantic;
  sums.coalesced += added.coalesced;
  sums.misses += added.misses;
  sums.refreshes += added.refreshes;
  sums.bypasses += added.bypasses;
  sums.errors += added.errors;
  sums.aborted += added.aborted;
  sums.billed_input += added.billed_input;
  sums.billed_output += added.billed_output;
  sums.replayed_input += added.replayed_input;
  sums.replayed_output += added.replayed_output;
  sums.saved_input += added.saved_input;
  sums.saved_output += added.saved_output;
  sums.billed_usd += added.billed_usd;
  sums.saved_usd += added.saved_usd;
  sums.unpriced_billed += added.unpriced_billed;
  sums.unpriced_saved += added.unpriced_saved;
  sums.time_saved_ms += added.time_saved_ms;
  for (const [bucket, count] of from.latency) addTo(into.latency, bucket, count);
  for (const [bucket, count] of from.firstByte) addTo(into.firstByte, bucket, count);
}

export function addTo(histogram: Histogram, bucket: number, count: number): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
}

export function totalsOf({ sums, latency, firstByte }: Counters): UsageTotals {
  const lookedUp = sums.hits + sums.stale + sums.semantic + sums.coalesced + sums.misses;
  return {
    calls: sums.calls,
    outcomes: {
      hit: sums.hits,
      stale: sums.stale,
      semantic: sums.semantic,
      coalesced: sums.coalesced,
      miss: sums.misses,
      refresh: sums.refreshes,
      bypass: sums.bypasses,
    },
    hitRate: lookedUp === 0 ? null : (sums.hits + sums.stale + sums.semantic) / lookedUp,
    errors: sums.errors,
    aborted: sums.aborted,
    tokens: {
      billed: { input: sums.billed_input, output: sums.billed_output },
      replayed: { input: sums.replayed_input, output: sums.replayed_output },
      saved: { input: sums.saved_input, output: sums.saved_output },
    },
    cost: {
      billedUsd: knownUsd(sums.billed_usd, sums.unpriced_billed),
      savedUsd: knownUsd(sums.saved_usd, sums.unpriced_saved),
      unpricedBilledCalls: sums.unpriced_billed,
      unpricedSavedCalls: sums.unpriced_saved,
    },
    latency: { p50Ms: percentile(latency, 0.5), p95Ms: percentile(latency, 0.95) },
    firstByte: { p50Ms: percentile(firstByte, 0.5), p95Ms: percentile(firstByte, 0.95) },
    timeSavedMs: sums.time_saved_ms,
  };
}

/** A sum of only unknown prices is unknown: zero would be wrong. */
function knownUsd(usd: number, unpriced: number): number | null {
  return usd === 0 && unpriced > 0 ? null : usd;
}
