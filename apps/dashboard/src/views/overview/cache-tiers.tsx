import type { JSX } from 'preact';
import type { CacheReport, CacheTier } from '../../api/cache.js';
import { formatBytes, formatCount, formatPercent } from '../../format/format.js';

interface CacheTiersProps {
  readonly cache: CacheReport | null;
  readonly loading: boolean;
}

/** The contents of the cache, tier by tier. */
export function CacheTiers({ cache, loading }: CacheTiersProps): JSX.Element {
  return (
    <section class="panel" aria-labelledby="tiers-title">
      <h3 id="tiers-title">Cache</h3>
      {cache === null && loading && <p class="ghost-line" />}
      {cache === null && !loading && <p class="detail">The server reports no figures for its cache.</p>}
      {cache?.tiers.length === 0 && <p class="detail">The cache is off.</p>}
      <ul class="tiers">
        {cache?.tiers.map((tier) => (
          <Tier key={tier.name} tier={tier} />
        ))}
      </ul>
    </section>
  );
}

function Tier({ tier }: { readonly tier: CacheTier }): JSX.Element {
  const { name, state, reason, entries, bytes, maxBytes, hits, misses } = tier;
  const lookedUp = hits + misses;
  const rate = lookedUp === 0 ? 'not asked yet' : `${formatPercent(hits / lookedUp)} % of look-ups hit`;
  return (
    <li>
      <p class="tier-line">
        <span class="tier-name">{name}</span>
        {!isWell(state) && <span class="tag tag-warn">{state}</span>}
        <span class="tier-size">
          {formatBytes(bytes)}
          {maxBytes !== null && <span class="of"> of {formatBytes(maxBytes)}</span>}
        </span>
      </p>
      {maxBytes !== null && (
        <meter min={0} max={maxBytes} value={bytes} aria-label={`Space used by ${name}`} />
      )}
      <p class="detail">
        {!isWell(state) && reason !== undefined && `${reason} `}
        {formatCount(entries)} {entries === 1 ? 'entry' : 'entries'}, {rate}
      </p>
    </li>
  );
}

function isWell(state: string): boolean {
  // An unused tier is idle, and opens on the first lookup.
  return state === 'ready' || state === 'idle' || state === 'opening';
}
