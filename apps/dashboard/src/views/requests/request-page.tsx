import type { JSX } from 'preact';
import { fetchKeys, type ListedKey } from '../../api/keys.js';
import { type CallDetail, fetchCall, type LedgerCall } from '../../api/usage.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { outcomeOf, statusOf } from '../../format/outcome.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Facts } from '../../parts/facts.js';
import { Failure, Loading } from '../../parts/states.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { hrefOf } from '../../routing/route.js';
import { moneyFacts, whatFacts } from './call-facts.js';
import { TimingBar } from './timing-bar.js';
import { WhyMissed } from './why-missed.js';

/** One request in full. */
export function RequestPage({ id }: { readonly id: string }): JSX.Element {
  const { value, problem, reload } = useLoaded((signal) => fetchCall(id, signal), [id]);
  const keys = useLoaded(fetchKeys, []);
  return (
    <>
      <p class="back">
        <a href={hrefOf('requests')}>All requests</a>
      </p>
      <ViewHeading title="Request" detail={value === null ? undefined : timeText(value.call)} />
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {value === null && problem === null && <Loading lines={6} />}
      {value !== null && <Detail detail={value} keys={keys.value ?? []} />}
    </>
  );
}

interface DetailProps {
  readonly detail: CallDetail;
  readonly keys: readonly ListedKey[];
}

function Detail({ detail: { call, timings }, keys }: DetailProps): JSX.Element {
  const hasAsked = call.cache === 'miss' || call.cache === 'refresh' || call.cache === 'bypass';
  return (
    <>
      <section class="panel" aria-label="Outcome">
        <Outcome call={call} />
        <Facts facts={whatFacts(call, keys)} />
      </section>
      <TimingBar timings={timings} />
      <section class="panel" aria-labelledby="money-title">
        <h3 id="money-title">Tokens and money</h3>
        <Facts facts={moneyFacts(call)} />
      </section>
      {hasAsked && <WhyMissed call={call} />}
    </>
  );
}

function Outcome({ call }: { readonly call: LedgerCall }): JSX.Element {
  const { source, label, title } = outcomeOf(call);
  const { requestId, key, status, errorCode } = call;
  return (
    <>
      <p class="outcome-line">
        <span class={`badge source-${source}`}>{label}</span>
        <span class={status === 'ok' ? undefined : 'failed'}>{statusOf(call)}</span>
        {errorCode !== undefined && <code>{errorCode}</code>}
        <span>{title}</span>
      </p>
      <p class="request-id">
        <span class="path">{requestId}</span>
        <CopyButton text={requestId} label="Copy the id" />
        {key !== undefined && (
          <a class="button" href={hrefOf('cache', ['entries', key])}>
            Its answer in the cache
          </a>
        )}
      </p>
    </>
  );
}

function timeText({ startedAt }: LedgerCall): string {
  return new Date(startedAt).toLocaleString('en-US', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
}
