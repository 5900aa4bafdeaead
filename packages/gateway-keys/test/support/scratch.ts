import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch extends AsyncDisposable {
  readonly folder: string;
  /** Path of a file that does not exist yet, in a folder that does not exist yet. */
  readonly path: string;
}

/** A folder for a test, removed after it. */
export async function createScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-keys-'));
  return {
    folder,
    path: join(folder, 'keys', 'keys.sqlite'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
