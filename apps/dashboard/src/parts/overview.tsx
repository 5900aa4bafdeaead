import type { JSX } from 'preact';
import { type Range, ranges } from '../state/range.js';
import type { State } from '../state/state.js';
import { CacheTiers } from './cache-tiers.js';
import { CallsTable } from './calls-table.js';
import { Models } from './models.js';
import { FirstCall } from './notices.js';
import { Providers } from './providers.js';
import { Pulse } from './pulse.js';
import { Segmented } from './segmented.js';
import { Statement } from './statement.js';
import { Traffic } from './traffic.js';

interface OverviewProps {
  readonly state: State;
  readonly now: number;
  readonly onRange: (range: Range) => void;
}

export function Overview({ state, now, onRange }: OverviewProps): JSX.Element {
  const { overTime, byModel, calls, info, cache, range } = state;
  const loading = overTime === null;
  const title = ranges.find((candidate) => candidate.value === range)?.title;
  const untouched = overTime?.totals.calls === 0 && calls.length === 0;
  return (
    <div class="overview" aria-busy={loading}>
      <div class="heading">
        <h2>{title}</h2>
        <Segmented legend="Span of time" name="range" value={range} choices={ranges} onChange={onRange} />
      </div>
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
      {byModel !== null && byModel.groups.length > 0 && <Models groups={byModel.groups} />}
      {!untouched && <CallsTable calls={calls} arrived={state.arrived} now={now} loading={loading} />}
    </div>
  );
}
