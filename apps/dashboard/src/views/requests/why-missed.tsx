import type { JSX } from 'preact';
import { type CallExplanation, explainCall, type Miss, type MissCause } from '../../api/call-explanation.js';
import type { LedgerCall } from '../../api/usage.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { Badge } from '../../parts/badge.js';
import { Differences } from '../../parts/differences.js';
import { Failure, Loading } from '../../parts/states.js';
import { hrefOf } from '../../routing/route.js';

const causes: Readonly<Record<MissCause, string>> = {
  new: 'There was no similar request recently.',
  near: 'It differs from an earlier request in a few fields.',
  expired: 'It was asked before, but its answer had expired.',
  evicted: 'It was asked before, but its answer had been evicted or deleted.',
  'not kept': 'It was asked before, but that answer was not stored: it failed, was incomplete or too large.',
  refresh: 'The caller asked for a fresh answer.',
  'no-store': 'The caller forbade storing the answer, so the next one will miss as well.',
  bypass: 'Such a request is never cached.',
};

/** Why a call missed the cache, and the stored request nearest to it. */
export function WhyMissed({ call }: { readonly call: LedgerCall }): JSX.Element {
  const { requestId } = call;
  const { value, problem, reload } = useLoaded((signal) => explainCall(requestId, signal), [requestId]);
  return (
    <section class="panel why" aria-labelledby="why-title">
      <h3 id="why-title">Why it asked the provider</h3>
      {problem !== null && problem.status === 404 && (
        <p class="detail">Nothing is known any more: it is too long ago, or misses are not recorded.</p>
      )}
      {problem !== null && problem.status !== 404 && (
        <Failure problem={problem.message} action="Try again" onAction={reload} />
      )}
      {value === null && problem === null && <Loading />}
      {value !== null && <Reasons explanation={value} />}
    </section>
  );
}

function Reasons({ explanation: { miss, nearest } }: { readonly explanation: CallExplanation }): JSX.Element {
  const entry = nearest?.entry;
  return (
    <>
      {miss !== undefined && <Cause miss={miss} />}
      {miss === undefined && entry === undefined && (
        <p class="detail">Nothing is known any more: it is too long ago, or misses are not recorded.</p>
      )}
      {entry !== undefined && (
        <>
          <p class="nearest-line">
            Beside <a href={hrefOf('cache', ['entries', entry.key])}>the nearest request that is stored</a>:
          </p>
          <Differences comparison={entry} />
        </>
      )}
      {entry === undefined && miss?.differences !== undefined && <Fields differences={miss.differences} />}
    </>
  );
}

function Cause({ miss: { cause, reason } }: { readonly miss: Miss }): JSX.Element {
  return (
    <p class="cause">
      <Badge tone={cause === 'near' || cause === 'evicted' || cause === 'expired' ? 'warn' : 'plain'}>
        {cause}
      </Badge>
      <span>
        {causes[cause]}
        {reason !== undefined && ` ${reason}`}
      </span>
    </p>
  );
}

function Fields({ differences }: { readonly differences: NonNullable<Miss['differences']> }): JSX.Element {
  return (
    <ul class="differences">
      {differences.map(({ path, class: kind }) => (
        <li key={path} class="difference-line">
          <span class="path">{path}</span>
          <span class="detail">{kind}</span>
        </li>
      ))}
    </ul>
  );
}
