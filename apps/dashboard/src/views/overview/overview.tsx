import type { JSX } from 'preact';
import type { ServerInfo } from '../../api/server.js';
import { Segmented } from '../../parts/segmented.js';
import { ViewHeading } from '../../parts/view-heading.js';
import { CacheTiers } from './cache-tiers.js';
import { CallsTable } from './calls-table.js';
import { Effectiveness } from './effectiveness.js';
import { FirstCall } from './first-call.js';
import { Models } from './models.js';
import { Providers } from './providers.js';
import { Pulse } from './pulse.js';
import { type Range, ranges } from './state/range.js';
import type { State } from './state/state.js';
import { Statement } from './statement.js';
import { Traffic } from './traffic.js';

interface OverviewProps {
  readonly state: State;
  readonly info: ServerInfo | null;
  readonly now: number;
  readonly onRange: (range: Range) => void;
}

export function Overview({ state, info, now, onRange }: OverviewProps): JSX.Element {
  const { overTime, byModel, calls, cache, range } = state;
  const loading = overTime === null;
  const title = ranges.find((candidate) => candidate.value === range)?.title;
  const untouched = overTime?.totals.calls === 0 && calls.length === 0;
  return (
    <div class="overview" aria-busy={loading}>
      <ViewHeading title="Overview" detail={title}>
        <Segmented legend="Span of time" name="range" value={range} choices={ranges} onChange={onRange} />
      </ViewHeading>
      {overTime?.incomplete != null && (
        <p class="hint" role="note">
          Earlier calls are missing from these figures: {overTime.incomplete}
        </p>
      )}
      <Statement totals={overTime?.totals ?? null} />
      {untouched ? <FirstCall /> : <Pulse calls={calls} loading={loading} />}
      <div class={untouched ? undefined : 'columns'}>
        {!untouched && <Traffic report={overTime} range={range} />}
        <div class="side">
          <Providers info={info} calls={calls} />
          <CacheTiers cache={cache} loading={loading} />
        </div>
      </div>
      {!untouched && <Effectiveness />}
      {byModel !== null && byModel.groups.length > 0 && <Models groups={byModel.groups} />}
      {!untouched && <CallsTable calls={calls} arrived={state.arrived} now={now} loading={loading} />}
    </div>
  );
}
