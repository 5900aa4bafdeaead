import type { JSX } from 'preact';
import type { LedgerCall } from '../../api/usage.js';
import { formatCount, formatDuration, nothing } from '../../format/format.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import type { Attempt } from './attempt.js';
import { costOf, OutcomeBadge, stateTexts } from './attempt-facts.js';

interface AttemptsTableProps {
  readonly attempts: readonly Attempt[];
  readonly calls: ReadonlyMap<string, LedgerCall>;
  readonly chosen: number | null;
  readonly onChoose: (number: number) => void;
}

/** The requests sent, side by side, to compare how the cache handled them. */
export function AttemptsTable({ attempts, calls, chosen, onChoose }: AttemptsTableProps): JSX.Element {
  const columns: readonly Column<Attempt>[] = [
    {
      name: 'number',
      title: 'Request',
      isRowHeader: true,
      cell: ({ number, request }) => (
        <button type="button" class="quiet" onClick={() => onChoose(number)}>
          {number} {request.model}
        </button>
      ),
    },
    { name: 'cache', title: 'Cache', cell: (attempt) => <OutcomeBadge attempt={attempt} /> },
    { name: 'state', title: 'State', isWide: true, cell: ({ state }) => stateTexts[state] },
    {
      name: 'first',
      title: 'First text',
      isNumber: true,
      isWide: true,
      cell: ({ firstTextMs }) => formatDuration(firstTextMs),
    },
    { name: 'total', title: 'Total', isNumber: true, cell: ({ totalMs }) => formatDuration(totalMs) },
    {
      name: 'tokens',
      title: 'Tokens out',
      isNumber: true,
      isWide: true,
      cell: ({ outputTokens }) => (outputTokens === null ? nothing : formatCount(outputTokens)),
    },
    {
      name: 'cost',
      title: 'Cost',
      isNumber: true,
      cell: (attempt) => costOf(attempt, calls.get(attempt.head?.requestId ?? '')),
    },
  ];
  return (
    <section class="panel">
      <h3>Sent from here</h3>
      <DataTable
        label="Requests that were sent from here"
        columns={columns}
        rows={attempts}
        keyOf={({ number }) => String(number)}
        stacks
        isChosen={({ number }) => number === chosen}
      />
    </section>
  );
}
