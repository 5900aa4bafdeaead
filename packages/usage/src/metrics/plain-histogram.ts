/** One series of a histogram: plain numbers, bumped on the request path. */
export interface HistogramSeries {
  observe(seconds: number): void;
}

export interface PlainHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in seconds, rising. */
  readonly buckets: readonly number[];
}

/**
 * A histogram that is looked up once per series and then only adds. prom-client's own hashes the labels at every
 * observation, which costs more than all else that a call's metrics do.
 */
export interface PlainHistogram {
  series(labels: Readonly<Record<string, string>>): HistogramSeries;
  /** The histogram in the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
  render(): string;
}

export function createPlainHistogram({ name, help, buckets }: PlainHistogramOptions): PlainHistogram {
  const lines: (() => string[])[] = [];
  return {
    series(labels) {
      /** Per bucket, not cumulative; the last one is what lies beyond all bounds. */
      const counts = new Array<number>(buckets.length + 1).fill(0);
      let sum = 0;
      const shared = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
      lines.push(() => {
        let total = 0;
        const bounds = counts.map((count, index) => {
          total += count;
          return `${name}_bucket{${[...shared, `le="${buckets[index] ?? '+Inf'}"`].join(',')}} ${total}`;
        });
        return [
          ...bounds,
          `${name}_sum{${shared.join(',')}} ${sum}`,
          `${name}_count{${shared.join(',')}} ${total}`,
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
    render() {
      return [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} histogram`,
        ...lines.flatMap((line) => line()),
        '',
      ].join('\n');
    },
  };
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
