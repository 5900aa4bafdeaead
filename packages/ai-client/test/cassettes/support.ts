import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly dir: string;
  /** Names of the files in it. */
  files(): Promise<string[]>;
  read(file: string): Promise<string>;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'cassettes-'));
  return {
    dir,
    files: async () => (await readdir(dir)).sort(),
    read: (file) => readFile(join(dir, file), 'utf8'),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
