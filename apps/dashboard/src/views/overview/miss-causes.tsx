import type { JSX } from 'preact';
import type { MissCause } from '../../api/call-explanation.js';
import type { EffectivenessReport } from '../../api/effectiveness.js';
import { formatCount, formatPercent } from '../../format/format.js';
import { Gauge } from '../../parts/gauge.js';
import { hrefOf } from '../../routing/route.js';

const causes: readonly (readonly [cause: MissCause, label: string])[] = [
  ['near', 'nearly the same as before'],
  ['new', 'nothing like it before'],
  ['expired', 'the answer was too old'],
  ['evicted', 'the answer had made room'],
  ['not kept', 'the answer was not stored'],
  ['refresh', 'a fresh answer was wanted'],
  ['no-store', 'storing was forbidden'],
  ['bypass', 'never cached'],
];

const shownClasses = 3;

/** Why recent calls missed the cache, and the fields in which they differ from earlier ones. */
export function MissCauses({ misses }: { readonly misses: EffectivenessReport['misses'] }): JSX.Element {
  const { enabled, looked, classes } = misses;
  const counted = causes
    .map(([cause, label]) => ({ cause, label, count: misses.causes[cause] ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return (
    <section class="panel" aria-labelledby="causes-title">
      <div class="section-head">
        <h3 id="causes-title">Why calls asked a provider</h3>
        {looked > 0 && <p class="detail">of the latest {formatCount(looked)} misses</p>}
      </div>
      {!enabled && <p class="detail">Misses are not recorded: cache.recordMisses is off.</p>}
      {enabled && looked === 0 && <p class="detail">None recently.</p>}
      <ul class="bars">
        {counted.map(({ cause, label, count }) => (
          <li key={cause}>
            <Gauge label={label} value={count} max={looked}>
              {formatCount(count)} <span class="of">{formatPercent(count / looked)} %</span>
            </Gauge>
          </li>
        ))}
      </ul>
      {classes.length > 0 && (
        <>
          <h4>What differs in near misses</h4>
          <ul class="classes">
            {classes.slice(0, shownClasses).map((found) => (
              <li key={found.class}>
                <strong>{found.class}</strong> {formatPercent(found.share)} %{' '}
                <span class="path detail">
                  {found.paths
                    .slice(0, 2)
                    .map(({ path }) => path)
                    .join(', ')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {looked > 0 && (
        <p class="detail">
          <a href={hrefOf('requests', [], { cache: 'miss' })}>See the requests that missed</a>
        </p>
      )}
    </section>
  );
}
