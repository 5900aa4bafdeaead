export {
  type Accounts,
  account,
  accountsOf,
  billedUsd,
  type LedgerCall,
  type PricedCall,
  type TokenCounts,
} from './accounting.js';
export { UsageError, type UsageErrorCode, type UsageErrorOptions } from './errors.js';
export { createLedger, type LedgerOptions } from './ledger/ledger.js';
export type {
  CallsQuery,
  Ledger,
  LedgerStatus,
  Percentiles,
  ReportGroup,
  ReportQuery,
  UsageGroup,
  UsageReport,
  UsageTotals,
} from './ledger/ledger-contract.js';
export type { MetricFamily, MetricSample } from './metrics/metric-family.js';
export type { Metrics, MetricsOptions } from './metrics/metrics.js';
export type { RefusalReason } from './metrics/refusals.js';
export type { CacheTierSample, LimitsSample } from './metrics/sampled-metrics.js';
export type { ModelPrice } from './prices/price-list.js';
export {
  type CallPrice,
  createPriceTable,
  type PriceTable,
  type PriceTableOptions,
} from './prices/price-table.js';
