import type { EntrySearch } from '../../api/cache.js';
import { surfaceChoices } from '../../format/surfaces.js';
import type { FilterField } from '../../parts/filter-bar.js';

/** Filters of stored answers, by their names in the address. */
export const filterFields: readonly FilterField[] = [
  { name: 'text', label: 'Text', placeholder: 'In the answer' },
  { name: 'model', label: 'Model', placeholder: 'gpt-4o-mini' },
  { name: 'surface', label: 'Surface', choices: [{ value: '', label: 'All' }, ...surfaceChoices] },
  { name: 'tenant', label: 'Tenant', placeholder: 'default', isSeldom: true },
  { name: 'key', label: 'Key', placeholder: 'Its beginning', isSeldom: true },
  {
    name: 'age',
    label: 'Age',
    choices: [
      { value: '', label: 'Any' },
      { value: 'newer-1h', label: 'Up to an hour' },
      { value: 'newer-24h', label: 'Up to a day' },
      { value: 'older-24h', label: 'Over a day' },
      { value: 'older-7d', label: 'Over a week' },
    ],
  },
  {
    name: 'tier',
    label: 'Tier',
    isSeldom: true,
    choices: [
      { value: '', label: 'Any' },
      { value: 'memory', label: 'Memory' },
      { value: 'disk', label: 'Disk' },
      { value: 'redis', label: 'Redis' },
    ],
  },
  {
    name: 'stale',
    label: 'Past their time',
    choices: [
      { value: '', label: 'Left out' },
      { value: 'true', label: 'Also shown' },
    ],
  },
  {
    name: 'sort',
    label: 'Order',
    choices: [
      { value: '', label: 'Newest first' },
      { value: 'size', label: 'Largest first' },
    ],
  },
];

/** The search in the address, as the server expects it. */
export function searchOf(query: URLSearchParams): EntrySearch {
  const given = (name: string): string | undefined => query.get(name) || undefined;
  const [, direction, span] = /^(newer|older)-(\d+[mhd])$/.exec(query.get('age') ?? '') ?? [];
  return {
    text: given('text'),
    model: given('model'),
    surface: given('surface'),
    tenant: given('tenant'),
    key: given('key'),
    tier: given('tier'),
    tag: given('tag'),
    sort: given('sort'),
    stale: query.get('stale') === 'true' || undefined,
    newerThan: direction === 'newer' ? span : undefined,
    olderThan: direction === 'older' ? span : undefined,
  };
}
