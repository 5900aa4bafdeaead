import { describe, expect, it } from 'vitest';
import { mergeCalls } from '../../../src/views/requests/merge-calls.js';
import { sampleCall } from '../../sample-call.js';

describe('calls that arrive beside those of the ledger', () => {
  const known = [3, 1].map((startedAt) => sampleCall({ requestId: `known ${startedAt}`, startedAt }));

  it('stand in the order in which they began', () => {
    const arrived = [4, 2].map((startedAt) => sampleCall({ requestId: `new ${startedAt}`, startedAt }));
    expect(mergeCalls(arrived, known).map(({ requestId }) => requestId)).toEqual([
      'new 4',
      'known 3',
      'new 2',
      'known 1',
    ]);
  });

  it('are shown once, and an id that was given twice is two calls', () => {
    const again = sampleCall({ requestId: 'known 3', startedAt: 5 });
    expect(mergeCalls([again, sampleCall({ requestId: 'known 3', startedAt: 3 })], known)).toHaveLength(3);
    expect(mergeCalls([], known)).toBe(known);
    expect(mergeCalls(known, known)).toBe(known);
  });
});
