import { Counter, Gauge, type Registry } from 'prom-client';
import type { MetricsOptions } from './metrics.js';

/** What a tier of the cache says of itself. */
export interface CacheTierSample {
  readonly name: string;
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
}

/** Registers the metrics that others count and that are only asked for when a scraper comes. */
export function registerSampled(registry: Registry, options: MetricsOptions): void {
  const registers = [registry];
  const { inflight, cacheTiers, ledgerStatus } = options;
  if (inflight !== undefined) {
    const gauge: Gauge = new Gauge({
      name: 'ai_toolkit_inflight',
      help: 'Requests being answered now.',
      registers,
      collect: () => gauge.set(inflight()),
    });
  }
  if (cacheTiers !== undefined) registerTiers(registry, cacheTiers);
  if (ledgerStatus !== undefined) {
    const buffered: Gauge = new Gauge({
      name: 'ai_toolkit_ledger_buffered',
      help: 'Calls that wait to be written to the usage ledger.',
      registers,
      collect: () => buffered.set(ledgerStatus().buffered),
    });
    const dropped: Counter = new Counter({
      name: 'ai_toolkit_ledger_dropped_total',
      help: 'Calls that the usage ledger lost, because it could not be written.',
      registers,
      collect: () => {
        dropped.reset();
        dropped.inc(ledgerStatus().dropped);
      },
    });
  }
}

function registerTiers(registry: Registry, tiers: NonNullable<MetricsOptions['cacheTiers']>): void {
  const registers = [registry];
  const bytes: Gauge<'tier'> = new Gauge({
    name: 'ai_toolkit_cache_bytes',
    help: 'Size of the entries in a tier of the cache.',
    labelNames: ['tier'],
    registers,
    collect: async () => {
      for (const tier of await tiers()) bytes.set({ tier: tier.name }, tier.bytes);
    },
  });
  const entries: Gauge<'tier'> = new Gauge({
    name: 'ai_toolkit_cache_entries',
    help: 'Entries in a tier of the cache.',
    labelNames: ['tier'],
    registers,
    collect: async () => {
      for (const tier of await tiers()) entries.set({ tier: tier.name }, tier.entries);
    },
  });
  const results: Counter<'tier' | 'result'> = new Counter({
    name: 'ai_toolkit_cache_results_total',
    help: 'Look-ups in a tier of the cache by their result.',
    labelNames: ['tier', 'result'],
    registers,
    collect: async () => {
      const sampled = await tiers();
      results.reset();
      for (const tier of sampled) {
        results.inc({ tier: tier.name, result: 'hit' }, tier.hits);
        results.inc({ tier: tier.name, result: 'miss' }, tier.misses);
      }
    },
  });
}
