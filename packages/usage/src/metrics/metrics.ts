import type { CallRecord } from '@ai-toolkit/ai-client';
import { Registry } from 'prom-client';
import type { LedgerStatus } from '../ledger/ledger-contract.js';
import { createPriceTable, type PriceTable } from '../prices/price-table.js';
import { createCallMetrics } from './call-metrics.js';
import { type CacheTierSample, registerSampled } from './sampled-metrics.js';

export interface MetricsOptions {
  /** Default: the built-in list. */
  readonly prices?: PriceTable;
  /** Requests being answered, asked at each exposition. Default: the metric is left out. */
  readonly inflight?: () => number;
  /** The cache's tiers, asked at each exposition. Default: the metrics are left out. */
  readonly cacheTiers?: () => readonly CacheTierSample[] | Promise<readonly CacheTierSample[]>;
  /** The ledger's `status`, asked at each exposition. Default: the metrics are left out. */
  readonly ledgerStatus?: () => LedgerStatus;
  /** How many model names become label values; the rest are `other`. Default 100. */
  readonly maxModels?: number;
}

export interface Metrics {
  /** Counts a call that ended: plain additions, no I/O. */
  observe(call: CallRecord): void;
  /** Everything counted so far, in the Prometheus text format. */
  expose(): Promise<string>;
  /** The `Content-Type` of `expose`'s text. */
  readonly contentType: string;
}

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { maxModels = 100 } = options;
  if (!Number.isSafeInteger(maxModels) || maxModels < 0) {
    throw new RangeError(`maxModels must be a whole number of zero or more, got ${maxModels}`);
  }
  const registry = new Registry();
  const calls = createCallMetrics({ registry, prices: options.prices ?? createPriceTable(), maxModels });
  registerSampled(registry, options);
  return {
    observe: calls.observe,
    expose: async () => `${await registry.metrics()}\n${calls.renderHistograms()}`,
    contentType: registry.contentType,
  };
}
