import { Counter, Gauge, type Registry } from 'prom-client';
import type { MetricsOptions } from './metrics.js';

/** What a cache tier reports about itself. */
export interface CacheTierSample {
  readonly name: string;
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
}

/** The state of the limits of providers. */
export interface LimitsSample {
  /** Calls that are waiting for their turn. */
  readonly queued: number;
  /** Answers in which providers asked to slow down. */
  readonly rateLimited: number;
  /** The circuit of each provider's server. */
  readonly circuits: Readonly<Record<string, 'closed' | 'half-open' | 'open'>>;
}

/** Upstreams are configured, not invented by callers: this limit only guards against a mistake. */
const maxUpstreams = 50;
const circuitStates = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Registers the metrics that are counted elsewhere and only read when a scraper comes. */
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
  if (options.limits !== undefined) registerLimits(registry, options.limits);
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

function registerLimits(registry: Registry, limits: NonNullable<MetricsOptions['limits']>): void {
  const registers = [registry];
  const depth: Gauge = new Gauge({
    name: 'ai_toolkit_queue_depth',
    help: 'Calls that wait for their turn at a provider.',
    registers,
    collect: () => depth.set(limits().queued),
  });
  const limited: Counter = new Counter({
    name: 'ai_toolkit_rate_limited_total',
    help: 'Answers of providers that told to slow down (429).',
    registers,
    collect: () => {
      limited.reset();
      limited.inc(limits().rateLimited);
    },
  });
  const circuits: Gauge<'upstream'> = new Gauge({
    name: 'ai_toolkit_breaker_state',
    help: 'The circuit of a server of a provider: 0 closed, 1 half open, 2 open.',
    labelNames: ['upstream'],
    registers,
    collect: () => {
      circuits.reset();
      for (const [upstream, state] of Object.entries(limits().circuits).slice(0, maxUpstreams))
        circuits.set({ upstream }, circuitStates[state]);
    },
  });
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
