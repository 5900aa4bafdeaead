import { describe, expect, it } from 'vitest';
import { filterFields, filtersOf, isWanted } from '../../../src/views/requests/filters.js';
import { sampleCall } from '../../sample-call.js';

describe('filters of requests', () => {
  it('are those that the server knows, as far as they are set', () => {
    expect(filtersOf(new URLSearchParams('status=error&model=&foreign=1&since=24h'))).toEqual({
      status: 'error',
      since: '24h',
    });
    for (const { name } of filterFields([]))
      expect(filtersOf(new URLSearchParams({ [name]: 'x' }))).toEqual({ [name]: 'x' });
  });

  it('hold for calls that have just ended as well', () => {
    const call = sampleCall({
      requestId: 'abc-1',
      status: 'error',
      errorCode: 'AI_TIMEOUT',
      labels: { key: 'k', project: 'p', stage: '2' },
    });
    const { status, cache, model, provider, tenant, surface } = call;
    const all = { status, cache, model, provider, tenant, surface };
    expect(isWanted(call, {})).toBe(true);
    expect(
      isWanted(call, { ...all, key: 'k', project: 'p', stage: '2', errorCode: 'AI_TIMEOUT', since: '1h' }),
    ).toBe(true);
    expect(isWanted(call, { requestIdPrefix: 'abc' })).toBe(true);
    for (const name of [...Object.keys(all), 'key', 'project', 'stage', 'errorCode', 'requestIdPrefix'])
      expect(isWanted(call, { [name]: 'another' })).toBe(false);
  });
});
