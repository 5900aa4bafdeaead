import type { JSX } from 'preact';
import type { CacheReport, CacheTier } from '../../api/cache.js';
import { formatBytes, formatCount, formatPercent } from '../../format/format.js';
import { Badge } from '../../parts/badge.js';
import { Gauge } from '../../parts/gauge.js';
import { Loading } from '../../parts/states.js';

/** The tiers of the cache, in lookup order. */
export function Tiers({ cache }: { readonly cache: CacheReport | null }): JSX.Element {
  if (cache === null) return <Loading lines={2} />;
  if (cache.tiers.length === 0)
    return <p class="hint">The cache is off: every request calls the provider.</p>;
  return (
    <ul class="tiers">
      {cache.tiers.map((tier) => (
        <Tier key={tier.name} tier={tier} />
      ))}
    </ul>
  );
}

function Tier({ tier }: { readonly tier: CacheTier }): JSX.Element {
  const { name, state, reason, entries, bytes, maxBytes } = tier;
  const isWell = state === 'ready' || state === 'idle' || state === 'opening';
  return (
    <li class="panel">
      <p class="tier-line">
        <span class="tier-name">{name}</span>
        <Badge tone={isWell ? 'good' : 'warn'}>{state}</Badge>
      </p>
      <Gauge label={`Space used by ${name}`} value={bytes} max={maxBytes ?? undefined} warnFrom={0.98}>
        {formatBytes(bytes)}
        {maxBytes !== null && <span class="of"> of {formatBytes(maxBytes)}</span>}
      </Gauge>
      <p class="detail">
        {formatCount(entries)} {entries === 1 ? 'entry' : 'entries'}, {rateText(tier)}
      </p>
      <p class="detail">{evictionText(tier)}</p>
      {!isWell && reason !== undefined && <p class="detail bad">{reason}</p>}
    </li>
  );
}

function rateText({ hits, misses }: CacheTier): string {
  const asked = hits + misses;
  return asked === 0
    ? 'not asked yet'
    : `${formatPercent(hits / asked)} % of ${formatCount(asked)} look-ups hit`;
}

function evictionText({ evictions = 0, returned }: CacheTier): string {
  if (evictions === 0) return 'Nothing was evicted';
  const again = returned === undefined ? '' : `, ${formatCount(returned)} of them asked for again`;
  return `${formatCount(evictions)} made room for others${again}`;
}
