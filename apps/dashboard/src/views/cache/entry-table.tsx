import type { JSX } from 'preact';
import type { EntrySummary } from '../../api/cache.js';
import { formatBytes, formatDuration, nothing } from '../../format/format.js';
import { type Column, DataTable } from '../../parts/data-table.js';
import { hrefOf } from '../../routing/route.js';
import { lifetimeOf } from './lifetime.js';
import { tagValue } from './tags.js';

/** Characters of a key that suffice to tell it from others. */
const shownKey = 12;

export function EntryTable({ entries }: { readonly entries: readonly EntrySummary[] }): JSX.Element {
  return (
    <DataTable
      label="List of stored answers"
      columns={columnsAt(Date.now())}
      rows={entries}
      keyOf={({ key }) => key}
      stacks
    />
  );
}

function columnsAt(now: number): readonly Column<EntrySummary>[] {
  return [
    {
      name: 'key',
      title: 'Key',
      isRowHeader: true,
      width: '15%',
      cell: ({ key }) => (
        <a class="path" href={hrefOf('cache', ['entries', key])} title={key}>
          {key.slice(0, shownKey)}
        </a>
      ),
    },
    { name: 'model', title: 'Model', width: '22%', cell: ({ tags }) => tagValue(tags, 'model') ?? nothing },
    {
      name: 'surface',
      title: 'Surface',
      width: '10%',
      isWide: true,
      cell: ({ tags }) => tagValue(tags, 'surface') ?? nothing,
    },
    {
      name: 'tenant',
      title: 'Tenant',
      width: '11%',
      isWide: true,
      cell: ({ tags }) => tagValue(tags, 'tenant') ?? nothing,
    },
    { name: 'tiers', title: 'Tiers', isWide: true, width: '13%', cell: ({ tiers }) => tiers.join(', ') },
    { name: 'size', title: 'Size', isNumber: true, width: '9%', cell: ({ size }) => formatBytes(size) },
    {
      name: 'age',
      title: 'Age',
      width: '10%',
      isNumber: true,
      cell: ({ createdAt }) => formatDuration(Math.max(0, now - createdAt)),
    },
    {
      name: 'ttl',
      title: 'Lifetime',
      width: '12%',
      isNumber: true,
      isWide: true,
      cell: ({ expiresAt }) => lifetimeOf(expiresAt, now),
    },
  ];
}
