import { expect, it } from 'vitest';
import { runScript } from '../../support/run-script.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

it('a disk with hardly any room gets no new file, and the cache goes on without it', async () => {
  const script = runScript('hardly-any-room.ts', await temporaryDirectory());
  expect(await script.ended, script.output()).toBe(0);
  const reason = expect.stringContaining('to spare');
  expect(JSON.parse(script.output())).toMatchObject({
    value: 'loaded',
    // Neither the file, nor the mark of a process that uses it.
    files: ['cache-2.mdb.opening.lock'],
    tiers: [{ name: 'disk', state: 'unavailable', reason }],
  });
});
