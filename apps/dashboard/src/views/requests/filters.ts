import type { ListedKey } from '../../api/keys.js';
import type { LedgerCall } from '../../api/usage.js';
import { surfaceChoices } from '../../format/surfaces.js';
import type { FilterField } from '../../parts/filter-bar.js';

const all = { value: '', label: 'All' } as const;

/** Filters of requests, by their names in the address and in the API. */
export function filterFields(keys: readonly ListedKey[]): readonly FilterField[] {
  return [
    {
      name: 'status',
      label: 'Status',
      choices: [
        all,
        { value: 'ok', label: 'Ok' },
        { value: 'error', label: 'Failed' },
        { value: 'aborted', label: 'Aborted' },
      ],
    },
    {
      name: 'cache',
      label: 'Cache',
      choices: [all, ...outcomes.map((outcome) => ({ value: outcome, label: outcome }))],
    },
    { name: 'model', label: 'Model', placeholder: 'gpt-4o-mini' },
    { name: 'provider', label: 'Provider', placeholder: 'openai', isSeldom: true },
    {
      name: 'key',
      label: 'Key',
      choices: [all, ...keys.map(({ id, name }) => ({ value: id, label: name }))],
    },
    { name: 'tenant', label: 'Tenant', placeholder: 'default', isSeldom: true },
    { name: 'project', label: 'Project', isSeldom: true },
    { name: 'stage', label: 'Stage', isSeldom: true },
    {
      name: 'surface',
      label: 'Surface',
      isSeldom: true,
      choices: [all, ...surfaceChoices],
    },
    {
      name: 'since',
      label: 'Since',
      choices: [
        all,
        { value: '15m', label: 'Last 15 minutes' },
        { value: '1h', label: 'Last hour' },
        { value: '24h', label: 'Last 24 hours' },
        { value: '7d', label: 'Last 7 days' },
      ],
    },
    { name: 'errorCode', label: 'Error code', placeholder: 'LIMIT_QUEUE_FULL', isSeldom: true },
    { name: 'requestIdPrefix', label: 'Request id', placeholder: 'Its beginning' },
  ];
}

const outcomes = ['hit', 'stale', 'semantic', 'coalesced', 'miss', 'refresh', 'bypass'] as const;

const names = [
  'status',
  'cache',
  'model',
  'provider',
  'key',
  'tenant',
  'project',
  'stage',
  'surface',
  'since',
  'errorCode',
  'requestIdPrefix',
] as const;

/** The filters in the address. Anything else is dropped, since the server refuses unknown parameters. */
export function filtersOf(query: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? '']] : [])),
  );
}

/** Whether a call that has just ended matches the filters. `since` needs no check: the call is new. */
export function isWanted(call: LedgerCall, filters: Readonly<Record<string, string>>): boolean {
  const { labels = {} } = call;
  const has: Readonly<Record<string, string | undefined>> = {
    status: call.status,
    cache: call.cache,
    model: call.model,
    provider: call.provider,
    key: labels.key,
    tenant: call.tenant,
    project: labels.project,
    stage: labels.stage,
    surface: call.surface,
    errorCode: call.errorCode,
  };
  return Object.entries(filters).every(([name, value]) => {
    if (name === 'since') return true;
    if (name === 'requestIdPrefix') return call.requestId.startsWith(value);
    return has[name] === value;
  });
}
