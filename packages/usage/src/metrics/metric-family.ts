import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** One number of a metric. */
export interface MetricSample {
  /** The metric's name, or that of a part of a histogram such as `…_bucket`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all its series: plain data. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly MetricSample[];
}

type PromMetric = MetricObjectWithValues<MetricValue<string>>;

/** Converts the JSON of prom-client's registry. */
export function familyOf(metric: PromMetric): MetricFamily {
  const { name, help, values } = metric;
  return {
    name,
    help,
    // At runtime the type is this word, although it is declared as the number of an enumeration.
    type: String(metric.type) as MetricFamily['type'],
    samples: values.map(({ labels, value }) => ({
      name,
      labels: Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)])),
      value,
    })),
  };
}

/** Renders the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function renderMetrics(families: readonly MetricFamily[]): string {
  return families.map(renderFamily).join('\n');
}

function renderFamily({ name, help, type, samples }: MetricFamily): string {
  const lines = samples.map((sample) => `${sample.name}${labelsOf(sample)} ${numberOf(sample.value)}`);
  return [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
    ...lines,
    '',
  ].join('\n');
}

function labelsOf({ labels }: MetricSample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function numberOf(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
