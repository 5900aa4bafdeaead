import { expect, it } from 'vitest';
import { outcomeOf, statusOf } from '../../src/format/outcome.js';
import { sampleCall } from '../sample-call.js';

it('says who answered a call, and whether anybody did', () => {
  expect(outcomeOf(sampleCall({ cache: 'stale' }))).toMatchObject({ source: 'cached', label: 'stale' });
  expect(outcomeOf(sampleCall({ cache: 'semantic' }))).toMatchObject({ source: 'cached', label: 'semantic' });
  expect(outcomeOf(sampleCall({ cache: 'coalesced' })).source).toBe('joined');
  expect(outcomeOf(sampleCall({ cache: 'miss', status: 'error' }))).toMatchObject({
    source: 'failed',
    label: 'miss',
  });
});

it('says how a call ended', () => {
  const { httpStatus: _status, ...unsent } = sampleCall({ status: 'error' });
  expect(statusOf(sampleCall())).toBe('200');
  expect(statusOf(sampleCall({ status: 'aborted' }))).toBe('aborted');
  expect(statusOf({ ...unsent, errorCode: 'AI_TIMEOUT' })).toBe('AI_TIMEOUT');
  expect(statusOf(unsent)).toBe('error');
  expect(statusOf({ ...unsent, status: 'ok' })).toBe('ok');
});
