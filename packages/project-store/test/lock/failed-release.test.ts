import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.js';
import { withFiles } from './with-files.js';

it('a lock whose file cannot be removed at once is removed later, and fails nobody', async () => {
  const path = join(await temporaryFolder(), 'x.lock');
  let failures = 0;
  withFiles((files) => ({
    unlink(file: string): Promise<void> {
      if (file !== path || failures === 2) return files.unlink(file);
      failures += 1;
      return Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }));
    },
  }));
  const { acquireLock } = await import('../../src/lock/file-lock.js');
  const clock = (): number => 0;
  const { lock } = await acquireLock(path, { waitMs: 0, clock });
  await lock?.release();
  expect(failures).toBe(1);
  const next = await acquireLock(path, { waitMs: 10_000, clock });
  expect(next.lock).toBeDefined();
  expect(failures).toBe(2);
  await next.lock?.release();
});
