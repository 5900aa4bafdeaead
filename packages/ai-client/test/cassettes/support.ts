import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly dir: string;
  /** Names of the files in it. */
  files(): Promise<string[]>;
  read(file: string): Promise<string>;
  edit(file: string, change: (text: string) => string): Promise<void>;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'cassettes-'));
  return {
    dir,
    files: async () => (await readdir(dir)).sort(),
    read: (file) => readFile(join(dir, file), 'utf8'),
    edit: async (file, change) => writeFile(join(dir, file), change(await readFile(join(dir, file), 'utf8'))),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
