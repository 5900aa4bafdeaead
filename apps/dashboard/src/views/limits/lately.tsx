import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatTime } from '../../format/format.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { Segmented } from '../../parts/segmented.js';
import type { Happening, HappeningKind } from './happenings.js';
import { HappeningsPlot } from './happenings-plot.js';

type Filter = 'all' | HappeningKind;

const filters: readonly { readonly value: Filter; readonly label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'rate-limited', label: '429' },
  { value: 'refused', label: 'Refused' },
  { value: 'waited', label: 'Waited' },
  { value: 'circuit', label: 'Circuits' },
];

/** Rows of the table, which is for reading; the plot shows all events. */
const listed = 100;

interface LatelyProps {
  readonly happenings: readonly Happening[];
  /** Epoch, ms. */
  readonly now: number;
}

/** Recent 429s, waits, refusals and circuit changes, as a plot and as a list. */
export function Lately({ happenings, now }: LatelyProps): JSX.Element {
  const [filter, setFilter] = useState<Filter>('all');
  const chosen = happenings.filter(({ kind }) => filter === 'all' || kind === filter).slice(0, listed);
  return (
    <section class="panel lately" aria-labelledby="lately-title">
      <div class="section-head">
        <h3 id="lately-title">Recent 429s, waits and circuit changes</h3>
        {happenings.length > 0 && (
          <Segmented legend="Show" name="happenings" value={filter} choices={filters} onChange={setFilter} />
        )}
      </div>
      {happenings.length === 0 ? (
        <p class="detail">
          Nothing since the server began: no call waited for limits, no provider answered 429, no circuit
          opened.
        </p>
      ) : (
        <HappeningsPlot happenings={happenings} now={now} />
      )}
      {chosen.length > 0 && (
        <DataTable
          label="Events of limits"
          columns={columnsAt(now)}
          rows={chosen}
          keyOf={({ id }) => id}
          rowClass={({ isBad }) => (isBad ? 'bad-row' : undefined)}
        />
      )}
      {happenings.length > 0 && chosen.length === 0 && <p class="detail">None of this kind.</p>}
    </section>
  );
}

function columnsAt(now: number): readonly Column<Happening>[] {
  return [
    { name: 'time', title: 'Time', cell: ({ at }) => <TimeCell at={at} now={now} /> },
    { name: 'what', title: 'What happened', cell: ({ text }) => text },
    {
      name: 'where',
      title: 'Where',
      isWide: true,
      cell: ({ provider, model }) => (model === null ? provider : `${model} · ${provider}`),
    },
  ];
}

function TimeCell({ at, now }: { readonly at: number; readonly now: number }): JSX.Element {
  return <time dateTime={new Date(at).toISOString()}>{formatTime(at, now)}</time>;
}
