import { readFile, stat, writeFile } from 'node:fs/promises';

/*
 * What the file system said of a cache file when it was closed, in a small file beside it. As long as it says the same, nobody has written
 * to the cache file since, and what LMDB follows blindly is what LMDB wrote.
 */

/** To be called when LMDB has closed the file. */
export async function stampClosed(cacheFile: string): Promise<void> {
  await writeFile(stampOf(cacheFile), await describe(cacheFile));
}

/** Whether the file is as the one who closed it last has left it. False for a file that nobody has closed. */
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
