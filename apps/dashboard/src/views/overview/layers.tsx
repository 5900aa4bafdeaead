import type { JSX } from 'preact';
import type { EffectivenessReport } from '../../api/effectiveness.js';
import { formatCount, formatPercent } from '../../format/format.js';
import { Gauge } from '../../parts/gauge.js';

/** The calls that each layer avoided or rescued. */
export function Layers({ report }: { readonly report: EffectivenessReport }): JSX.Element {
  const { layers, limits, since } = report;
  const useful = layers.filter(({ calls }) => calls > 0);
  const idle = layers.filter(({ calls }) => calls === 0).map(({ layer }) => layer);
  return (
    <section class="panel" aria-labelledby="layers-title">
      <div class="section-head">
        <h3 id="layers-title">What each layer saves</h3>
        <p class="detail">since {new Date(since).toLocaleString('en-US', timeStyle)}</p>
      </div>
      <ul class="bars">
        {useful.map(({ layer, calls, share }) => (
          <li key={layer}>
            <Gauge label={layer} value={share} max={1}>
              {formatCount(calls)} <span class="of">{formatPercent(share)} % of calls</span>
            </Gauge>
          </li>
        ))}
      </ul>
      {idle.length > 0 && <p class="detail">Nothing yet by: {idle.join(', ')}.</p>}
      <p class="detail">
        {limits.suffered === 0 ? 'No' : formatCount(limits.suffered)}{' '}
        {limits.suffered === 1 ? 'call was' : 'calls were'} turned away by providers with a 429
        {limits.avoided > 0 && `; ${formatCount(limits.avoided)} waited for their turn instead`}.
      </p>
    </section>
  );
}

const timeStyle: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};
