import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadConfigOptions, type LoadedConfig, loadConfig } from '../../src/index.js';

/** A home folder that is also the working directory. */
export interface Place extends AsyncDisposable {
  readonly path: string;
  /** The user's configuration file. */
  readonly file: string;
  write(file: string, text: string): Promise<void>;
  read(file?: string): Promise<string>;
  load(options?: LoadConfigOptions): Promise<LoadedConfig>;
}

export async function createPlace(): Promise<Place> {
  const path = await mkdtemp(join(tmpdir(), 'ai-toolkit-config-'));
  return {
    path,
    file: join(path, 'config.toml'),
    write: (file, text) => writeFile(join(path, file), text),
    read: (file = 'config.toml') => readFile(join(path, file), 'utf8'),
    load: ({ environment, ...options } = {}) =>
      loadConfig({ directory: path, environment: { AI_TOOLKIT_HOME: path, ...environment }, ...options }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}
