import { expect, it } from 'vitest';
import { withFiles } from './with-files.js';

it('a process that cannot be looked at is not taken for dead, unless there is none', async () => {
  // As another user's processes under `hidepid`, or any when no file descriptor is left.
  withFiles((files) => ({
    readFile: (path: string, ...rest: never[]): Promise<unknown> =>
      /^\/proc\/\d+\/stat$/.test(path)
        ? Promise.reject(new Error('unreadable'))
        : files.readFile(path, ...rest),
  }));
  const { processState } = await import('../../src/lock/lock-owner.js');
  expect(await processState(process.pid, '12345')).toBe('unknown');
  expect(await processState(2 ** 22 + 1, '12345')).toBe('dead');
});
