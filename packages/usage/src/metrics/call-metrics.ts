import type { CallRecord } from '@ai-toolkit/ai-client';
import { Counter, type Registry } from 'prom-client';
import { accountsOf } from '../accounting.js';
import { ByNames } from '../by-names.js';
import { entryOf } from '../entry-of.js';
import type { PriceTable } from '../prices/price-table.js';
import { createLabelGuard } from './label-guard.js';
import type { MetricFamily } from './metric-family.js';
import { createPlainHistogram, type HistogramSeries } from './plain-histogram.js';

export interface CallMetricsOptions {
  readonly registry: Registry;
  readonly prices: PriceTable;
  readonly maxModels: number;
}

/** Providers are configured, not invented by callers: this bound only guards against a mistake. */
const maxProviders = 50;

// Buckets of the OpenTelemetry GenAI conventions (gen_ai.client.operation.duration and gen_ai.server.time_to_first_token).
const upstreamBuckets = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const firstTokenBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const waitBuckets = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const overheadBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

interface Series {
  requests: number;
  readonly labels: Readonly<Record<'surface' | 'provider' | 'model' | 'outcome', string>>;
}

export interface CallMetrics {
  observe(call: CallRecord): void;
  observeWait(waitedMs: number): void;
  /** The metrics that are not in the registry. */
  histograms(): MetricFamily[];
}

/** The metrics that are counted from call records. */
export function createCallMetrics(options: CallMetricsOptions): CallMetrics {
  const { registry, prices } = options;
  const registers = [registry];
  const models = createLabelGuard(options.maxModels);
  const providers = createLabelGuard(maxProviders);

  const byNames = new ByNames<Series>();
  const requests: Series[] = [];
  const tokens = { billed: pair(), replayed: pair(), saved: pair() };
  const usd = { billed: 0, saved: 0 };
  const unpriced = { billed: 0, saved: 0 };

  const requestCounter: Counter<'surface' | 'provider' | 'model' | 'outcome'> = new Counter({
    name: 'ai_toolkit_requests_total',
    help: 'Calls by outcome: how the cache answered, or error or aborted.',
    labelNames: ['surface', 'provider', 'model', 'outcome'],
    registers,
    collect: () => {
      requestCounter.reset();
      for (const series of requests) requestCounter.inc(series.labels, series.requests);
    },
  });
  const tokenCounter: Counter<'kind' | 'direction'> = new Counter({
    name: 'ai_toolkit_tokens_total',
    help: 'Tokens that providers billed, that the cache replayed, and that were not billed thanks to cache and coalescing.',
    labelNames: ['kind', 'direction'],
    registers,
    collect: () => {
      tokenCounter.reset();
      for (const kind of ['billed', 'replayed', 'saved'] as const) {
        for (const direction of ['input', 'output'] as const) {
          tokenCounter.inc({ kind, direction }, tokens[kind][direction]);
        }
      }
    },
  });
  registerByKind(registry, 'ai_toolkit_cost_usd_total', 'US dollars billed and saved, of known prices.', usd);
  registerByKind(
    registry,
    'ai_toolkit_unpriced_calls_total',
    'Calls whose cost or saving is unknown; they are not in cost_usd_total.',
    unpriced,
  );

  const upstream = createPlainHistogram({
    name: 'ai_toolkit_upstream_seconds',
    help: 'Time that providers took for answers that were asked of them.',
    buckets: upstreamBuckets,
  });
  const firstToken = createPlainHistogram({
    name: 'ai_toolkit_time_to_first_token_seconds',
    help: 'Time to the first byte of streamed answers.',
    buckets: firstTokenBuckets,
  });
  const overhead = createPlainHistogram({
    name: 'ai_toolkit_overhead_seconds',
    help: 'Time of calls that was not spent on the provider; waiting for limits and for slow readers is part of it.',
    buckets: overheadBuckets,
  });

  const queueWait = createPlainHistogram({
    name: 'ai_toolkit_queue_wait_seconds',
    help: 'Time that calls waited for their turn at a provider, those that need not included.',
    buckets: waitBuckets,
  });
  const waits = queueWait.series({});

  const upstreams = new Map<string, HistogramSeries>();
  const firstTokens = new Map<string, HistogramSeries>();
  const overheads = new Map<string, HistogramSeries>();

  function seriesOf(surface: string, provider: string, model: string, outcome: string): Series {
    const names = [surface, provider, model, outcome];
    const known = byNames.get(names);
    if (known !== undefined) return known;
    const series = { requests: 0, labels: { surface, provider, model, outcome } };
    byNames.set(names, series);
    requests.push(series);
    return series;
  }

  return {
    histograms: () => [upstream, firstToken, overhead, queueWait].map((histogram) => histogram.family()),

    observeWait: (waitedMs) => waits.observe(waitedMs / 1000),

    observe(call) {
      const outcome = call.status === 'ok' ? call.cache : call.status;
      const provider = providers.pass(call.provider, true);
      // A name for which no provider ever answered may be invented: it must not use up the room for real ones.
      const model = models.pass(call.model, call.status === 'ok');
      seriesOf(call.surface, provider, model, outcome).requests += 1;

      const { billed, replayed, saved, billedUsd, savedUsd } = accountsOf(call, prices);
      add(tokens.billed, billed);
      add(tokens.replayed, replayed);
      add(tokens.saved, saved);
      if (billedUsd === null) unpriced.billed += 1;
      else usd.billed += billedUsd;
      if (savedUsd === null) unpriced.saved += 1;
      else usd.saved += savedUsd;

      const asked = call.cache === 'miss' || call.cache === 'refresh' || call.cache === 'bypass';
      if (asked && call.upstreamMs !== undefined) {
        entryOf(upstreams, provider, () => upstream.series({ provider })).observe(call.upstreamMs / 1000);
      }
      if (call.streamed && call.firstByteMs !== undefined) {
        const series = () => firstToken.series({ provider, outcome });
        entryOf(firstTokens, `${provider} ${outcome}`, series).observe(call.firstByteMs / 1000);
      }
      const own = overheadMs(call, asked);
      if (own !== undefined) {
        entryOf(overheads, outcome, () => overhead.series({ outcome })).observe(own / 1000);
      }
    },
  };
}

/** A call that joined another also waited for the provider, for a time that its record does not contain. */
function overheadMs(call: CallRecord, asked: boolean): number | undefined {
  if (call.cache === 'coalesced') return undefined;
  if (!asked) return call.durationMs;
  return call.upstreamMs === undefined ? undefined : Math.max(0, call.durationMs - call.upstreamMs);
}

function registerByKind(
  registry: Registry,
  name: string,
  help: string,
  source: Readonly<Record<'billed' | 'saved', number>>,
): void {
  const counter: Counter<'kind'> = new Counter({
    name,
    help,
    labelNames: ['kind'],
    registers: [registry],
    collect: () => {
      counter.reset();
      counter.inc({ kind: 'billed' }, source.billed);
      counter.inc({ kind: 'saved' }, source.saved);
    },
  });
}

function pair(): { input: number; output: number } {
  return { input: 0, output: 0 };
}

function add(
  into: { input: number; output: number },
  from: { readonly input: number; readonly output: number },
): void {
  into.input += from.input;
  into.output += from.output;
}
