import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { fetchKeys } from '../../api/keys.js';
import { fetchLimits, type LimitsReport } from '../../api/limits.js';
import { useConnection, useConnectionState } from '../../connection/use-connection.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { Figures } from '../../parts/figures.js';
import { Failure, Loading } from '../../parts/states.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { GatewayKeys } from './gateway-keys.js';
import { happeningsOf } from './happenings.js';
import { Lately } from './lately.js';
import { ProviderPanel } from './provider-panel.js';
import { providersOf, sumLimits } from './providers.js';
import './limits.css';

/** Polled often, since the server sends no events about queues and limits. */
const refreshMs = 1000;
const keysRefreshMs = 10_000;

/** The limits of providers and keys, their use, and recent waits and refusals. */
export function View(): JSX.Element {
  const { info } = useConnectionState(useConnection());
  const { value, problem, reload } = useLoaded(fetchLimits, [], { refreshMs });
  const keys = useLoaded(fetchKeys, [], { refreshMs: keysRefreshMs });
  const happenings = useMemo(() => (value === null ? [] : happeningsOf(value)), [value]);
  return (
    <div class="limits" aria-busy={value === null}>
      <ViewHeading title="Limits" detail="Now, as it changes" />
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {value === null && problem === null && <Loading lines={6} />}
      {value?.store !== undefined && value.store !== 'ready' && (
        <p class="hint" role="note">
          The store of shared limits is {value.store}: each process counts its own part for now.
        </p>
      )}
      {value !== null && (
        <>
          <Sums report={value} />
          {providersOf(value, info).map((provider) => (
            <ProviderPanel key={provider.name} provider={provider} />
          ))}
          <Lately happenings={happenings} now={Date.now()} />
        </>
      )}
      {keys.problem !== null && (
        <Failure problem={keys.problem.message} action="Try again" onAction={keys.reload} />
      )}
      {keys.value !== null && value !== null && <GatewayKeys keys={keys.value} states={value.gatewayKeys} />}
    </div>
  );
}

function Sums({ report }: { readonly report: LimitsReport }): JSX.Element {
  const { waiting, underWay, expectedWaitMs, rateLimited, refused, waits } = sumLimits(report);
  return (
    <Figures
      label="All providers together"
      figures={[
        { name: 'Under way', value: formatCount(underWay), detail: 'calls at providers now' },
        {
          name: 'Waiting',
          value: formatCount(waiting),
          detail:
            expectedWaitMs < 1 ? 'no wait to expect' : `${formatDuration(expectedWaitMs)} to wait at most`,
        },
        {
          name: 'Waited',
          value: formatCount(waits.count),
          detail: waits.count === 0 ? 'nobody had to wait' : `${formatDuration(waits.longestMs)} the longest`,
        },
        {
          name: '429 suffered',
          value: formatCount(rateLimited),
          detail: 'answered by providers',
          isBad: rateLimited > 0,
        },
        {
          name: 'Refused here',
          value: formatCount(refused),
          detail: 'and no provider asked',
          isBad: refused > 0,
        },
      ]}
    />
  );
}
