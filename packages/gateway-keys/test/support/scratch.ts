import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch extends AsyncDisposable {
  readonly folder: string;
  /** Of a file that is not there yet, in a folder that is not there yet. */
  readonly path: string;
}

/** A folder for a test, gone when the test is. */
export async function createScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-keys-'));
  return {
    folder,
    path: join(folder, 'keys', 'keys.sqlite'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
