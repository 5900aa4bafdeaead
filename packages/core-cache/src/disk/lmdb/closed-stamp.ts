import { readFile, stat, writeFile } from 'node:fs/promises';

/*
 * What the file system reported about a cache file when it was closed, in a small file beside it. As long as it still reports the same,
 * nobody has written to the cache file since, and the pages that LMDB follows blindly are its own.
 */

/** Call after LMDB has closed the file. */
export async function stampClosed(cacheFile: string): Promise<void> {
  await writeFile(stampOf(cacheFile), await describe(cacheFile));
}

/** Whether the file is unchanged since it was last closed. False for a file that was never closed. */
export async function isAsClosed(cacheFile: string): Promise<boolean> {
  const stamp = await readFile(stampOf(cacheFile), 'utf8').catch(() => undefined);
  return stamp === (await describe(cacheFile));
}

function stampOf(cacheFile: string): string {
  return `${cacheFile}.closed`;
}

async function describe(cacheFile: string): Promise<string> {
  const { size, mtimeNs, ctimeNs } = await stat(cacheFile, { bigint: true });
  return `${size} ${mtimeNs} ${ctimeNs}\n`;
}
