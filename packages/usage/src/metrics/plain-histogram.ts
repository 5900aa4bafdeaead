import type { MetricFamily, MetricSample } from './metric-family.js';

/** One series of a histogram: plain numbers, bumped on the request path. */
export interface HistogramSeries {
  observe(seconds: number): void;
}

export interface PlainHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in seconds, ascending. */
  readonly buckets: readonly number[];
}

/**
 * A histogram that is looked up once per series and then only adds. prom-client's own hashes the labels on every observation, which costs
 * more than everything else that a call's metrics do.
 */
export interface PlainHistogram {
  series(labels: Readonly<Record<string, string>>): HistogramSeries;
  family(): MetricFamily;
}

export function createPlainHistogram({ name, help, buckets }: PlainHistogramOptions): PlainHistogram {
  const samplers: (() => MetricSample[])[] = [];
  return {
    series(labels) {
      /** Per bucket, not cumulative; the last one counts what lies beyond all bounds. */
      const counts = new Array<number>(buckets.length + 1).fill(0);
      let sum = 0;
      samplers.push(() => {
        let total = 0;
        const bounds = counts.map((count, index) => {
          total += count;
          const le = String(buckets[index] ?? '+Inf');
          return { name: `${name}_bucket`, labels: { ...labels, le }, value: total };
        });
        return [
          ...bounds,
          { name: `${name}_sum`, labels, value: sum },
          { name: `${name}_count`, labels, value: total },
        ];
      });
      return {
        observe(seconds) {
          if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) return;
          let bucket = 0;
          while (bucket < buckets.length && seconds > (buckets[bucket] ?? 0)) bucket += 1;
          counts[bucket] = (counts[bucket] ?? 0) + 1;
          sum += seconds;
        },
      };
    },
    family: () => ({ name, help, type: 'histogram', samples: samplers.flatMap((sample) => sample()) }),
  };
}
