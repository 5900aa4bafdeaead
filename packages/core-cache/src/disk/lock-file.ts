import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './is-alive.js';

const LOOK_EVERY_MS = 5;
/** Nobody should take this long; who does is taken for dead, so that the others get on. */
const MAX_LOOKS = 1000;

/** Runs an action while no other process of this machine runs one under the same name. */
export async function withLockFile<T>(path: string, action: () => Promise<T>): Promise<T> {
  await acquire(path);
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<void> {
  for (let looks = 0; ; looks += 1) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (looks >= MAX_LOOKS || (await isAbandoned(path))) {
      await rm(path, { force: true });
      looks = 0;
    } else {
      await sleep(LOOK_EVERY_MS);
    }
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const holder = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  return Number.isInteger(holder) && !isAlive(holder);
}
