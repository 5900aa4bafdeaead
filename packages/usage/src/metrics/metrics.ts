import type { CallRecord } from '@ai-toolkit/ai-client';
import { Registry } from 'prom-client';
import { checkFunction, checkNames, checkPrices, show } from '../check.js';
import type { LedgerStatus } from '../ledger/ledger-contract.js';
import { createPriceTable, type PriceTable } from '../prices/price-table.js';
import { createCallMetrics } from './call-metrics.js';
import { familyOf, type MetricFamily, renderMetrics } from './metric-family.js';
import { type RefusalReason, registerRefusals } from './refusals.js';
import { type CacheTierSample, type LimitsSample, registerSampled } from './sampled-metrics.js';

export interface MetricsOptions {
  /** Default: the built-in list. */
  readonly prices?: PriceTable;
  /** Number of requests being answered, read at each exposition. Default: the metric is left out. */
  readonly inflight?: () => number;
  /** The cache's tiers, read at each exposition. Default: the metrics are left out. */
  readonly cacheTiers?: () => readonly CacheTierSample[] | Promise<readonly CacheTierSample[]>;
  /** Queues and circuits, read at each exposition. Default: the metrics are left out. */
  readonly limits?: () => LimitsSample;
  /** The ledger's `status`, read at each exposition. Default: the metrics are left out. */
  readonly ledgerStatus?: () => LedgerStatus;
  /** How many model names become label values; the rest are `other`. Default 100. */
  readonly maxModels?: number;
}

export interface Metrics {
  /** Counts a call that ended: plain additions, no I/O. */
  observe(call: CallRecord): void;
  /** Counts how long a call waited for its turn at a provider, ms. */
  observeWait(waitedMs: number): void;
  /** Counts a request that was refused before it became a call. */
  observeRefusal(reason: RefusalReason): void;
  /** Everything counted so far, in the Prometheus text format. */
  expose(): Promise<string>;
  /** The same as data, to be sent elsewhere and merged with what other processes counted: see `mergeMetrics`. */
  sample(): Promise<readonly MetricFamily[]>;
  /** The `Content-Type` of `expose`'s text. */
  readonly contentType: string;
}

const knownOptions: Record<keyof MetricsOptions, true> = {
  prices: true,
  inflight: true,
  cacheTiers: true,
  limits: true,
  ledgerStatus: true,
  maxModels: true,
};

export function createMetrics(options: MetricsOptions = {}): Metrics {
  checkNames('createMetrics', options, knownOptions);
  checkPrices(options.prices);
  for (const name of ['inflight', 'cacheTiers', 'limits', 'ledgerStatus'] as const)
    checkFunction(name, options[name]);
  const { maxModels = 100 } = options;
  if (!Number.isSafeInteger(maxModels) || maxModels < 0) {
    throw new RangeError(`maxModels must be a whole number of zero or more, got ${show(maxModels)}`);
  }
  const registry = new Registry();
  const calls = createCallMetrics({ registry, prices: options.prices ?? createPriceTable(), maxModels });
  registerSampled(registry, options);
  const observeRefusal = registerRefusals(registry);
  async function sample(): Promise<MetricFamily[]> {
    return [...(await registry.getMetricsAsJSON()).map(familyOf), ...calls.histograms()];
  }
  return {
    observe: calls.observe,
    observeWait: calls.observeWait,
    observeRefusal,
    expose: async () => renderMetrics(await sample()),
    sample,
    contentType: registry.contentType,
  };
}
