import type { JSX } from 'preact';
import type { Explanation, NearestSearch } from '../../api/explain.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { Badge } from '../../parts/badge.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Differences } from '../../parts/differences.js';
import { type Fact, Facts } from '../../parts/facts.js';
import { hrefOf } from '../../routing/route.js';

/** How the cache handles a request. */
export function ExplanationPanels({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const { comparison, nearest } = explanation;
  return (
    <div class="explanation">
      <Verdict explanation={explanation} />
      {comparison !== undefined && (
        <section class="panel" aria-labelledby="comparison-title">
          <h3 id="comparison-title">
            {comparison.sameKey ? 'Both have the same key: they share an answer' : 'They have different keys'}
          </h3>
          <Differences comparison={comparison} />
        </section>
      )}
      {nearest !== undefined && <Nearest nearest={nearest} ownKey={explanation.key} />}
    </div>
  );
}

function Verdict({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const { key, excludedFields } = explanation;
  return (
    <section class="panel" aria-labelledby="verdict-title">
      <div class="section-head">
        <h3 id="verdict-title">{verdictOf(explanation)}</h3>
        <VerdictBadge explanation={explanation} />
      </div>
      {key !== undefined && (
        <p class="entry-key">
          <span class="path">{key}</span>
          <CopyButton text={key} label="Copy the key" />
        </p>
      )}
      <Facts facts={factsOf(explanation)} />
      {excludedFields.length > 0 && (
        <p class="detail">No part of the key: {excludedFields.join(', ')}. These may differ freely.</p>
      )}
    </section>
  );
}

function verdictOf({ key, bypassReason, stored }: Explanation): string {
  if (key === undefined) return `It is never cached: ${bypassReason ?? 'it has no key'}`;
  if (stored === undefined || stored.status === 'miss') return 'It would be a miss: no answer has this key';
  const age = `an answer in ${stored.tier}, ${formatDuration(stored.ageMs)} old`;
  if (stored.status === 'stale') return `It would be a miss: there is ${age}, expired`;
  const left = stored.ttlMs === undefined ? 'never expires' : `${formatDuration(stored.ttlMs)} left`;
  return `It would be a hit: ${age}, ${left}`;
}

function VerdictBadge({ explanation: { key, stored } }: { readonly explanation: Explanation }): JSX.Element {
  if (key === undefined) return <Badge tone="plain">bypass</Badge>;
  if (stored === undefined || stored.status === 'miss') return <Badge tone="warn">miss</Badge>;
  return (
    <p class="buttons">
      <Badge tone={stored.status === 'hit' ? 'good' : 'warn'}>{stored.status}</Badge>
      <a href={hrefOf('cache', ['entries', key])}>Open the answer</a>
    </p>
  );
}

function factsOf({ model, scope }: Explanation): readonly Fact[] {
  const { provider, baseUrl, tenant, namespace, headers, sample, speaks, ownKey, ownCredentials } = scope;
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    { name: 'Model', value: model },
    { name: 'Provider', value: URL.canParse(baseUrl) ? `${provider} at ${baseUrl}` : provider },
    { name: 'Tenant', value: tenant },
    ...(namespace === undefined ? [] : [{ name: 'Namespace', value: namespace }]),
    ...(ownKey === undefined ? [] : [{ name: "The caller's own key", value: ownKey }]),
    ...(named.length === 0 ? [] : [{ name: 'Headers', value: named.join(', ') }]),
    ...(sample === 0 ? [] : [{ name: 'Sample', value: formatCount(sample) }]),
    ...(speaks === undefined ? [] : [{ name: 'Sent in the format of', value: speaks }]),
    ...(ownCredentials ? [{ name: 'Credentials', value: "the caller's own" }] : []),
  ];
}

interface NearestProps {
  readonly nearest: NearestSearch;
  readonly ownKey: string | undefined;
}

function Nearest({ nearest: { entry, compared, passedOver }, ownKey }: NearestProps): JSX.Element {
  const extent = `${formatCount(compared)} compared${passedOver === 0 ? '' : `, ${formatCount(passedOver)} passed over`}`;
  return (
    <section class="panel" aria-labelledby="nearest-title">
      <div class="section-head">
        <h3 id="nearest-title">
          {entry === undefined
            ? 'No stored request is similar enough to compare'
            : entry.key === ownKey
              ? 'The nearest stored request is this one'
              : 'How the nearest stored request differs'}
        </h3>
        <p class="detail">
          {extent}
          {entry !== undefined && ' · '}
          {entry !== undefined && <a href={hrefOf('cache', ['entries', entry.key])}>Open it</a>}
        </p>
      </div>
      {entry !== undefined && <Differences comparison={entry} />}
    </section>
  );
}
