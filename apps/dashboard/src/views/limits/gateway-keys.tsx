import type { JSX } from 'preact';
import type { ListedKey } from '../../api/keys.js';
import type { Limit, LimitState } from '../../api/limits.js';
import { formatShort, formatUsd, nothing } from '../../format/format.js';
import { type Column, DataTable } from '../../parts/data-table.js';

interface GatewayKeysProps {
  readonly keys: readonly ListedKey[];
  /** By id; without keys not used since the server started. */
  readonly states: Readonly<Record<string, LimitState>>;
}

interface Row {
  readonly key: ListedKey;
  readonly state: LimitState | undefined;
}

const columns: readonly Column<Row>[] = [
  {
    name: 'name',
    title: 'Key',
    isRowHeader: true,
    sortBy: ({ key }) => key.name,
    cell: ({ key }) => key.name,
  },
  {
    name: 'tenant',
    title: 'Tenant',
    isWide: true,
    sortBy: ({ key }) => key.tenant,
    cell: ({ key }) => key.tenant,
  },
  {
    name: 'requests',
    title: 'Requests per minute',
    isNumber: true,
    sortBy: ({ state }) => state?.limits.requestsPerMinute?.used ?? null,
    cell: ({ key, state }) => (
      <Used
        limit={key.requestsPerMinute}
        used={state?.limits.requestsPerMinute}
        label="Requests per minute"
      />
    ),
  },
  {
    name: 'tokens',
    title: 'Tokens per minute',
    isNumber: true,
    isWide: true,
    sortBy: ({ state }) => state?.limits.tokensPerMinute?.used ?? null,
    cell: ({ key, state }) => (
      <Used limit={key.tokensPerMinute} used={state?.limits.tokensPerMinute} label="Tokens per minute" />
    ),
  },
  {
    name: 'budget',
    title: 'Budget',
    isNumber: true,
    sortBy: ({ key }) => key.spending?.spentUsd ?? null,
    cell: ({ key }) => <Spent listed={key} />,
  },
];

/** Keys with limits or a budget, and how much of these is used. */
export function GatewayKeys({ keys, states }: GatewayKeysProps): JSX.Element | null {
  const rows = keys
    .filter((key) => key.revokedAt === undefined && isLimited(key))
    .map((key) => ({ key, state: states[key.id] }));
  return (
    <section class="panel gateway-keys" aria-labelledby="gateway-keys-title">
      <h3 id="gateway-keys-title">Limits of keys</h3>
      {rows.length === 0 ? (
        <p class="detail">No gateway key has limits or a budget of its own.</p>
      ) : (
        <DataTable
          label="Keys with limits"
          columns={columns}
          rows={rows}
          keyOf={({ key }) => key.id}
          stacks
        />
      )}
    </section>
  );
}

function isLimited({ requestsPerMinute, tokensPerMinute, budget }: ListedKey): boolean {
  return requestsPerMinute !== undefined || tokensPerMinute !== undefined || budget !== undefined;
}

interface UsedProps {
  readonly limit: number | undefined;
  readonly used: Limit | undefined;
  readonly label: string;
}

function Used({ limit, used, label }: UsedProps): JSX.Element | string {
  if (limit === undefined) return nothing;
  const taken = used?.used ?? 0;
  return (
    <>
      {formatShort(taken)} <span class="of">of {formatShort(limit)}</span>
      <meter min={0} max={limit} value={Math.min(taken, limit)} aria-label={label} />
    </>
  );
}

function Spent({ listed }: { readonly listed: ListedKey }): JSX.Element | string {
  const { budget, spending } = listed;
  if (budget === undefined) return nothing;
  const spent = (spending?.spentUsd ?? 0) + (spending?.heldUsd ?? 0);
  return (
    <>
      {formatUsd(spent)}{' '}
      <span class="of">
        of {formatUsd(budget.usd)} {budget.per === 'total' ? 'in total' : `a ${budget.per}`}
      </span>
      <meter min={0} max={budget.usd} value={Math.min(spent, budget.usd)} aria-label="Budget" />
    </>
  );
}
