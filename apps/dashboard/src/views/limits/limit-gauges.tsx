import type { JSX } from 'preact';
import type { Dimension, Limit, LimitState } from '../../api/limits.js';
import { formatCount, formatShort } from '../../format/format.js';
import { Gauge } from '../../parts/gauge.js';

const names: readonly (readonly [dimension: Dimension, name: string])[] = [
  ['requestsPerMinute', 'Requests per minute'],
  ['requestsPerDay', 'Requests a day'],
  ['tokensPerMinute', 'Tokens per minute'],
  ['inputTokensPerMinute', 'Input tokens a minute'],
  ['outputTokensPerMinute', 'Output tokens a minute'],
];

const sources: Readonly<Record<Limit['source'], string>> = {
  configured: 'Set in the configuration.',
  learned: "As the provider's headers say.",
  probed: 'Probed after a 429: it grows while calls succeed.',
};

/** Share from which a limit is shown as nearly used up. */
const warnFrom = 0.9;

/** How much of each limit is currently used, and its source. */
export function LimitGauges({ state }: { readonly state: LimitState }): JSX.Element {
  const { limits, concurrency } = state;
  const known = names.flatMap(([dimension, name]) => {
    const limit = limits[dimension];
    return limit === undefined ? [] : [{ name, limit }];
  });
  return (
    <div class="gauges">
      {known.map(({ name, limit }) => (
        <Gauge key={name} label={name} value={limit.used} max={limit.limit} warnFrom={warnFrom}>
          {formatShort(limit.used)} <span class="of">of {formatShort(limit.limit)}</span>
          <span class="tag" title={sources[limit.source]}>
            {limit.source}
          </span>
        </Gauge>
      ))}
      <Gauge label="At once" value={concurrency.used} max={concurrency.limit} warnFrom={1}>
        {formatCount(concurrency.used)}{' '}
        {concurrency.limit === undefined ? (
          <span class="of">no limit</span>
        ) : (
          <>
            <span class="of">of {formatCount(concurrency.limit)}</span>
            <span class="tag" title={sources.configured}>
              configured
            </span>
          </>
        )}
      </Gauge>
      {known.length === 0 && (
        <p class="detail">No per-minute limit is configured, and the provider's headers report none.</p>
      )}
    </div>
  );
}
