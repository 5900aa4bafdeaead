import { open, truncate } from 'node:fs/promises';
import type { Random } from './random.ts';

/** Overwrites up to 16 bytes at each of `places` random positions of a file; within the first 8 KiB only with `head`. */
export async function spoil(path: string, places: number, random: Random, head: boolean): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  for (let place = 0; place < places; place++) {
    const bytes = Buffer.from(Array.from({ length: random.between(1, 16) }, () => random.between(0, 255)));
    const from = head ? 0 : Math.min(8192, size - bytes.length);
    await file.write(bytes, 0, bytes.length, random.between(from, size - bytes.length));
  }
}

/** Truncates a file at a random position. */
export async function cutOff(path: string, size: number, random: Random): Promise<void> {
  await truncate(path, random.between(0, size - 1));
}
