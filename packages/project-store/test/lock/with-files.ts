import type * as Files from 'node:fs/promises';
import { onTestFinished, vi } from 'vitest';

/** Has modules that are imported from now on, until the test ends, use these functions in place of those of `node:fs/promises`. */
export function withFiles(change: (files: typeof Files) => object): void {
  vi.doMock('node:fs/promises', async (load) => {
    const files = await load<typeof Files>();
    return { ...files, ...change(files) };
  });
  vi.resetModules();
  onTestFinished(() => {
    vi.doUnmock('node:fs/promises');
    vi.resetModules();
  });
}
