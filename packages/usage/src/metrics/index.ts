export { mergeMetrics } from './merge-metrics.js';
export { type MetricFamily, type MetricSample, renderMetrics } from './metric-family.js';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics.js';
