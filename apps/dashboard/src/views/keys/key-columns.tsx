import type { JSX } from 'preact';
import type { ListedKey } from '../../api/keys.js';
import { formatCount, formatTime, formatUsd, nothing } from '../../format/format.js';
import { Badge } from '../../parts/badge.js';
import type { Column } from '../../parts/data-table.js';
import { Gauge } from '../../parts/gauge.js';
import { stateOf } from './key-state.js';

/** Share of a budget from which it is shown as nearly used up. */
const nearlyUsedUp = 0.9;

export function keyColumns(now: number, onRevoke: (key: ListedKey) => void): readonly Column<ListedKey>[] {
  return [
    {
      name: 'name',
      title: 'Name',
      isRowHeader: true,
      sortBy: ({ name }) => name,
      cell: ({ name, id, role }) => (
        <>
          {name}
          {role === 'admin' && <span class="tag">admin</span>}
          <code class="key-id">{id}</code>
        </>
      ),
    },
    { name: 'tenant', title: 'Tenant', isWide: true, sortBy: ({ tenant }) => tenant, cell: tenantOf },
    { name: 'models', title: 'Models', isWide: true, cell: modelsOf },
    { name: 'limits', title: 'Limits', isWide: true, cell: limitsOf },
    {
      name: 'budget',
      title: 'Budget',
      sortBy: ({ budget, spending }) =>
        budget === undefined ? null : (spending?.spentUsd ?? 0) / budget.usd,
      cell: (key) => <Budget keyOf={key} />,
    },
    {
      name: 'expiry',
      title: 'Expires',
      isWide: true,
      sortBy: ({ expiresAt }) => expiresAt ?? null,
      cell: ({ expiresAt }) => <Moment at={expiresAt} now={now} otherwise="never" />,
    },
    {
      name: 'used',
      title: 'Last used',
      isWide: true,
      sortBy: ({ lastUsedAt }) => lastUsedAt ?? null,
      cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} now={now} otherwise="never" />,
    },
    {
      name: 'state',
      title: 'State',
      sortBy: (key) => stateOf(key, now).label,
      cell: (key) => <Badge tone={stateOf(key, now).tone}>{stateOf(key, now).label}</Badge>,
    },
    {
      name: 'actions',
      title: 'Actions',
      cell: (key) =>
        key.revokedAt === undefined && (
          <button type="button" class="small" onClick={() => onRevoke(key)}>
            Revoke<span class="unseen"> {key.name}</span>
          </button>
        ),
    },
  ];
}

function tenantOf({ tenant, role }: ListedKey): string {
  return role === 'admin' ? nothing : tenant;
}

function modelsOf({ models, role }: ListedKey): string {
  if (role === 'admin') return nothing;
  return models.includes('*') ? 'all' : models.join(', ');
}

function limitsOf({ requestsPerMinute, tokensPerMinute }: ListedKey): string {
  const limits = [
    requestsPerMinute === undefined ? '' : `${formatCount(requestsPerMinute)} requests/min`,
    tokensPerMinute === undefined ? '' : `${formatCount(tokensPerMinute)} tokens/min`,
  ];
  return limits.filter(Boolean).join(', ') || nothing;
}

function Budget({ keyOf: { budget, spending } }: { readonly keyOf: ListedKey }): JSX.Element | string {
  if (budget === undefined) return nothing;
  const spent = spending?.spentUsd ?? 0;
  const period = budget.per === 'total' ? 'in all' : `this ${budget.per}`;
  return (
    <Gauge label={period} value={spent} max={budget.usd} warnFrom={nearlyUsedUp}>
      {formatUsd(spent)} of {formatUsd(budget.usd)}
    </Gauge>
  );
}

interface MomentProps {
  readonly at: number | undefined;
  readonly now: number;
  readonly otherwise: string;
}

function Moment({ at, now, otherwise }: MomentProps): JSX.Element | string {
  if (at === undefined) return otherwise;
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
      {formatTime(at, now)}
    </time>
  );
}
