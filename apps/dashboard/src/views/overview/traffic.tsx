import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { UsageReport } from '../../api/usage.js';
import { formatCount } from '../../format/format.js';
import { type Range, rangeStep } from './state/range.js';
import { type TrafficBar, trafficOf } from './state/traffic.js';
import { createTrafficPlot, type TrafficPlot } from './traffic-plot.js';

interface TrafficProps {
  readonly report: UsageReport | null;
  readonly range: Range;
}

const noBars: readonly TrafficBar[] = [];

/** How calls were answered over time, as stacked bars. */
export function Traffic({ report, range }: TrafficProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<TrafficPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const bars = useMemo(() => (report === null ? noBars : trafficOf(report, range)), [report, range]);
  const step = rangeStep[range];

  useEffect(() => {
    if (place.current === null) return undefined;
    const made = createTrafficPlot(place.current, setPointed);
    plot.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => plot.current?.show(bars, step), [bars, step]);

  const bar = pointed === null ? undefined : bars[pointed];
  return (
    <section class="panel traffic" aria-labelledby="traffic-title">
      <div class="section-head">
        <h3 id="traffic-title">Calls per {step}</h3>
        <p class="readout">{bar === undefined ? <Legend /> : describe(bar, step)}</p>
      </div>
      <div class="plot" ref={place} role="img" aria-label={summary(bars, step)} />
    </section>
  );
}

function Legend(): JSX.Element {
  return (
    <span class="legend" aria-hidden="true">
      <span class="key source-cached">cache</span>
      <span class="key source-joined">shared</span>
      <span class="key source-asked">provider</span>
    </span>
  );
}

function describe(bar: TrafficBar, step: 'hour' | 'day'): string {
  const at = new Date(bar.at);
  const when =
    step === 'day'
      ? at.toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' })
      : at.toLocaleString('en-US', {
          weekday: 'short',
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        });
  return `${when}: ${formatCount(bar.cached)} cache, ${formatCount(bar.joined)} shared, ${formatCount(bar.asked)} provider`;
}

function summary(bars: readonly TrafficBar[], step: 'hour' | 'day'): string {
  const total = bars.reduce((sum, bar) => sum + bar.cached + bar.joined + bar.asked, 0);
  if (total === 0) return 'No calls in this period.';
  const busiest = bars.reduce((most, bar) => (sizeOf(bar) > sizeOf(most) ? bar : most));
  return `${formatCount(total)} calls. Busiest ${step}: ${describe(busiest, step)}.`;
}

function sizeOf(bar: TrafficBar): number {
  return bar.cached + bar.joined + bar.asked;
}
