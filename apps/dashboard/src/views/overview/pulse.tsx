import type { JSX } from 'preact';
import type { LedgerCall } from '../../api/usage.js';
import { formatDuration } from '../../format/format.js';
import { outcomeOf, type Source } from '../../format/outcome.js';

const shown = 96;
const width = 8;
const height = 56;

const sources: readonly { readonly source: Source; readonly label: string }[] = [
  { source: 'cached', label: 'from the cache' },
  { source: 'joined', label: 'shared a call' },
  { source: 'asked', label: 'from the provider' },
  { source: 'failed', label: 'failed' },
];

interface PulseProps {
  readonly calls: readonly LedgerCall[];
  readonly loading: boolean;
}

/** The last calls as ticks: the colour shows who answered, the height how long it took. The newest is on the right. */
export function Pulse({ calls, loading }: PulseProps): JSX.Element {
  const ticks = calls.slice(0, shown).toReversed();
  const counts = new Map<Source, number>();
  for (const call of ticks) {
    const { source } = outcomeOf(call);
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  const present = sources.filter(({ source }) => counts.has(source));
  const summary = present.map(({ source, label }) => `${counts.get(source)} ${label}`).join(', ');
  const start = (shown - ticks.length) * width;
  return (
    <section class="pulse" aria-labelledby="pulse-title">
      <div class="section-head">
        <h3 id="pulse-title">{ticks.length === 0 ? 'Latest calls' : `Latest ${ticks.length} calls`}</h3>
        <p class="legend" aria-hidden="true">
          {sources.map(({ source, label }) => (
            <span key={source} class={`key source-${source}`}>
              {label}
            </span>
          ))}
        </p>
      </div>
      {/* The height is logarithmic: a hit takes a hundredth of the time of a miss, and must be visible. */}
      <svg
        class="ticks"
        viewBox={`0 0 ${shown * width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={loading ? 'Loading' : summary || 'No calls yet'}
      >
        <line class="base" x1="0" x2={shown * width} y1={height - 0.5} y2={height - 0.5} />
        {ticks.map((call, index) => {
          const tall = tickHeight(call.durationMs);
          const { source, title } = outcomeOf(call);
          return (
            <rect
              key={`${call.requestId} ${call.startedAt}`}
              class={`tick source-${source}`}
              x={start + index * width + 1}
              y={height - tall}
              width={width - 3}
              height={tall}
              rx="1"
            >
              <title>{`${call.model} · ${formatDuration(call.durationMs)} · ${title}`}</title>
            </rect>
          );
        })}
      </svg>
    </section>
  );
}

/** From 1 ms to 100 s, five decades. */
function tickHeight(durationMs: number): number {
  const share = Math.log10(Math.max(1, durationMs)) / 5;
  return 4 + Math.min(1, share) * (height - 6);
}
