import { describe, expect, it } from 'vitest';
import { runLimitedScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.runIf(process.platform === 'linux')('a disk without room', () => {
  it('costs entries and nothing else, and the cache makes do with the room there is', async () => {
    // A bound on the size of files stands in for the end of the disk: writes fail halfway in the same manner.
    const script = runLimitedScript({ fileBlocks: 8000 }, 'fill-disk.ts', await temporaryDirectory());
    expect(await script.ended).toBe(0);
    expect(JSON.parse(script.output())).toEqual({
      wrong: 0,
      rejected: [],
      errors: expect.toSatisfy((errors: number) => errors > 0),
      reason: expect.stringContaining('could not write'),
      state: 'read-only',
      after: 'ready',
      readBack: 40,
    });
  }, 60_000);
});
