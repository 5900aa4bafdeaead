import type { JSX } from 'preact';
import { formatCount, formatDuration } from '../../format/format.js';
import type { Source } from '../../format/outcome.js';
import { type Happening, type HappeningKind, spanOf } from './happenings.js';

const lanes: readonly { readonly kind: HappeningKind; readonly label: string; readonly source: Source }[] = [
  { kind: 'rate-limited', label: '429 by a provider', source: 'failed' },
  { kind: 'refused', label: 'Refused here', source: 'asked' },
  { kind: 'waited', label: 'Waited', source: 'joined' },
  { kind: 'circuit', label: 'Circuit changed', source: 'cached' },
];

const width = 1000;
const height = 30;

interface HappeningsPlotProps {
  readonly happenings: readonly Happening[];
  /** Epoch, ms. */
  readonly now: number;
}

/** Events over time, with a lane for each kind. The height shows the duration; the newest are on the right. */
export function HappeningsPlot({ happenings, now }: HappeningsPlotProps): JSX.Element {
  const spanMs = spanOf(happenings, now);
  return (
    <div class="lanes">
      {lanes.map(({ kind, label, source }) => {
        const own = happenings.filter((happening) => happening.kind === kind);
        return (
          <div class="lane" key={kind}>
            <p class="lane-label">
              {label} <span class="of">{formatCount(own.length)}</span>
            </p>
            <svg
              viewBox={`0 0 ${width} ${height}`}
              preserveAspectRatio="none"
              class={`source-${source}`}
              role="img"
              aria-label={`${label}: ${formatCount(own.length)} in the last ${formatDuration(spanMs)}`}
            >
              <line class="base" x1={0} x2={width} y1={height} y2={height} />
              {own.map((happening) => (
                <Tick key={happening.id} happening={happening} now={now} spanMs={spanMs} />
              ))}
            </svg>
          </div>
        );
      })}
      <p class="lane-axis detail" aria-hidden="true">
        <span>{formatDuration(spanMs)} ago</span>
        <span>now</span>
      </p>
    </div>
  );
}

interface TickProps {
  readonly happening: Happening;
  readonly now: number;
  readonly spanMs: number;
}

function Tick({ happening, now, spanMs }: TickProps): JSX.Element {
  const { at, lastedMs } = happening;
  const x = Math.min(width - 3, Math.max(0, (1 - (now - at) / spanMs) * width));
  // On a logarithmic scale from 10 ms to a minute; events without a duration get the full height.
  const share = lastedMs === null ? 1 : Math.log10(Math.max(10, lastedMs) / 10) / Math.log10(6000);
  const tall = 6 + (height - 8) * Math.min(1, share);
  return (
    <rect class="tick" x={x} y={height - tall} width={3} height={tall}>
      <title>{happening.text}</title>
    </rect>
  );
}
