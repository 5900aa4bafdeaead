import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createProjectStore, type FileProjectStore, type ProjectStoreOptions } from '../src/index.js';

/** An empty folder, removed after the test. */
export async function temporaryFolder(parent: string = tmpdir()): Promise<string> {
  const folder = await realpath(await mkdtemp(join(parent, 'project-store-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A store on an empty root, with a clock that advances one second on each reading. */
export async function temporaryStore(
  options: Partial<ProjectStoreOptions> = {},
): Promise<{ store: FileProjectStore; root: string }> {
  const root = options.root ?? (await temporaryFolder());
  let now = Date.UTC(2026, 0, 1);
  const clock = (): number => {
    now += 1000;
    return now;
  };
  return { store: createProjectStore({ clock, ...options, root }), root };
}
