import { describe, expect, it } from 'vitest';
import { happeningsOf, spanOf } from '../../../src/views/limits/happenings.js';
import { limitsReport } from './sample-limits.js';

const key = 'openai:gpt-4o';

describe('what happened to limits and circuits', () => {
  const happenings = happeningsOf(
    limitsReport({
      history: {
        limits: [
          { at: 400, key, kind: 'rate-limited', retryAfterMs: 2000, pauseMs: 2100 },
          { at: 200, key, kind: 'waited', waitedMs: 40 },
          { at: 100, key, kind: 'refused', code: 'LIMIT_QUEUE_FULL' },
        ],
        circuits: [{ at: 300, key: 'openai at https://api.openai.com/v1', state: 'open' }],
      },
    }),
  );

  it('is told in one list, the latest first', () => {
    expect(happenings.map(({ text, isBad }) => [text, isBad])).toEqual([
      ['The provider answered 429 and asked for 2.00 s; paused for 2.10 s', true],
      ['The circuit opened: too many calls failed', true],
      ['Waited 40 ms for its turn', false],
      ['Refused here: LIMIT_QUEUE_FULL', true],
    ]);
    expect(happenings.map(({ provider, model }) => [provider, model])).toEqual([
      ['openai', 'gpt-4o'],
      ['openai', null],
      ['openai', 'gpt-4o'],
      ['openai', 'gpt-4o'],
    ]);
    expect(new Set(happenings.map(({ id }) => id)).size).toBe(4);
  });

  it('is drawn over the shortest span that holds it all', () => {
    const minute = 60_000;
    expect(spanOf([], 0)).toBe(5 * minute);
    expect(spanOf(happenings, 400)).toBe(5 * minute);
    expect(spanOf(happenings, 10 * minute)).toBe(15 * minute);
    expect(spanOf(happenings, 20 * 60 * minute)).toBe(24 * 60 * minute);
    expect(spanOf(happenings, 48 * 60 * minute)).toBe(24 * 60 * minute);
  });
});
