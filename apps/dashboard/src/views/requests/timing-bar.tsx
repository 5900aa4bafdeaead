import type { JSX } from 'preact';
import type { CallTimings } from '../../api/usage.js';
import { formatDuration } from '../../format/format.js';
import { timingParts } from './timing.js';

/** Where the time of a call went, as a bar of its parts. */
export function TimingBar({ timings }: { readonly timings: CallTimings }): JSX.Element {
  const parts = timingParts(timings);
  const { firstByteMs, totalMs } = timings;
  return (
    <section class="panel" aria-labelledby="timing-title">
      <div class="section-head">
        <h3 id="timing-title">Where the time went</h3>
        <p class="detail">
          {firstByteMs !== null && `first byte after ${formatDuration(firstByteMs)}, `}
          {formatDuration(totalMs)} in all
        </p>
      </div>
      {/* The list below says the same in words. */}
      <div class="timing-bar" aria-hidden="true">
        {parts.map(({ name, ms, title }) => (
          <span key={name} class={`part-${name}`} style={{ flexGrow: ms / totalMs }} title={title} />
        ))}
      </div>
      <ul class="timing-parts">
        {parts.map(({ name, label, title, ms }) => (
          <li key={name} title={title}>
            <span class={`timing-key part-${name}`} aria-hidden="true" />
            {label} <strong>{formatDuration(ms)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}
