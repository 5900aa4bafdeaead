import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { Circuit } from '../../api/limits.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { Badge, type Tone } from '../../parts/badge.js';
import { ModelCard } from './model-card.js';
import type { ProviderLimits } from './providers.js';

/** A provider: its circuit, and the limits of each model called. */
export function ProviderPanel({ provider }: { readonly provider: ProviderLimits }): JSX.Element {
  const { name, baseUrl, circuit, models } = provider;
  const id = useId();
  return (
    <section class="panel provider" aria-labelledby={id}>
      <div class="section-head">
        <div>
          <h3 id={id}>{name}</h3>
          {baseUrl !== null && <p class="path detail">{baseUrl}</p>}
        </div>
        <CircuitLine circuit={circuit} />
      </div>
      {models.length === 0 && <p class="detail">Not called since the server started.</p>}
      <ul class="models">
        {models.map(({ model, state }) => (
          <ModelCard key={model} model={model} state={state} />
        ))}
      </ul>
    </section>
  );
}

const tones: Readonly<Record<Circuit['state'], Tone>> = { closed: 'good', 'half-open': 'warn', open: 'bad' };

function CircuitLine({ circuit }: { readonly circuit: Circuit | null }): JSX.Element | null {
  if (circuit === null) return null;
  const { state, failures, retryAfterMs, openings } = circuit;
  return (
    <p class="circuit">
      <span class="detail">
        {detailOf(circuit)}
        {openings > 0 && `, opened ${formatCount(openings)} ${openings === 1 ? 'time' : 'times'}`}
      </span>
      <Badge
        tone={tones[state]}
        title={
          retryAfterMs === undefined || state !== 'open'
            ? `${formatCount(failures)} failures in a row.`
            : `Tried again in ${formatDuration(retryAfterMs)}.`
        }
      >
        circuit {state}
      </Badge>
    </p>
  );
}

function detailOf({ state, retryAfterMs = 0 }: Circuit): string {
  if (state === 'closed') return 'Calls go through';
  if (state === 'half-open') return 'One call is testing whether it is back';
  return retryAfterMs > 0
    ? `Calls are refused for ${formatDuration(Math.ceil(retryAfterMs / 100) * 100)} more`
    : 'The next call will test whether it is back';
}
