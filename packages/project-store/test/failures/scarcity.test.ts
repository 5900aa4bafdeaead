import { describe, expect, it } from 'vitest';
import { spawnScarceChild } from '../processes/spawn-child.js';
import { settledStore } from '../settled-store.js';

describe.skipIf(process.platform === 'win32')('a process with too many files open', () => {
  it('lists all projects with the few that are left, and shows none as damaged with none left', {
    timeout: 30_000,
  }, async () => {
    const { root } = await settledStore(Array.from({ length: 60 }, (_, n) => `P${n}`));
    const child = spawnScarceChild(root, 'scarce');
    await child.said('done');
    expect([...child.lines].slice(1, -1)).toEqual([
      '60 projects with 3 left',
      'STORE_UNREADABLE retryable: too many files open',
      '60 projects with 3 left again',
    ]);
  });
});
