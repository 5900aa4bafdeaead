import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { fetchSettings, type Setting } from '../../api/settings.js';
import { useLoaded } from '../../connection/use-loaded.js';
import { nothing } from '../../format/format.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { Segmented } from '../../parts/segmented.js';
import { Failure, Loading } from '../../parts/states.js';

type Shown = 'set' | 'all';

const choices = [
  { value: 'set', label: 'Set' },
  { value: 'all', label: 'All' },
] as const;

const columns: readonly Column<Setting>[] = [
  {
    name: 'path',
    title: 'Setting',
    isRowHeader: true,
    sortBy: ({ path }) => path,
    cell: ({ path, description }) => (
      <>
        <code>{path}</code>
        <span class="detail description">{description}</span>
      </>
    ),
  },
  { name: 'value', title: 'Value', cell: ({ value }) => <code>{valueText(value)}</code> },
  {
    name: 'source',
    title: 'Set by',
    isWide: true,
    sortBy: ({ source }) => source ?? null,
    cell: ({ source }) => source ?? <span class="detail">default</span>,
  },
];

/** Settings and where each comes from. The server hides secrets. */
export function Configuration(): JSX.Element {
  const { value: settings, problem, reload } = useLoaded(fetchSettings, []);
  const [shown, setShown] = useState<Shown>('set');
  const rows = useMemo(
    () => (settings ?? []).filter(({ source }) => shown === 'all' || source !== undefined),
    [settings, shown],
  );
  return (
    <section class="panel" aria-labelledby="configuration-title">
      <div class="section-head">
        <h3 id="configuration-title">Configuration</h3>
        <Segmented
          legend="Settings to show"
          name="settings"
          value={shown}
          choices={choices}
          onChange={setShown}
        />
      </div>
      {problem !== null && <Failure problem={problem.message} action="Try again" onAction={reload} />}
      {settings === null && problem === null && <Loading />}
      {settings !== null && rows.length === 0 && <p class="detail">Everything has its default value.</p>}
      {rows.length > 0 && (
        <DataTable
          label="Settings and their values"
          columns={columns}
          rows={rows}
          keyOf={({ path }) => path}
          stacks
        />
      )}
      <p class="detail">
        To change a setting: <code>ai-toolkit config set SETTING VALUE</code>, then start the server again.
      </p>
    </section>
  );
}

function valueText(value: unknown): string {
  if (value === undefined) return nothing;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
