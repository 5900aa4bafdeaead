import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRacy, stampOf } from '../src/fs/stamp.js';
import type { FileProjectStore, ProjectStoreOptions } from '../src/index.js';
import { temporaryStore } from './temporary.js';

/** A store with projects old enough that their file stamps can be trusted. */
export async function settledStore(
  names: readonly string[],
  options: Partial<ProjectStoreOptions> = {},
): Promise<{ store: FileProjectStore; root: string }> {
  const { store, root } = await temporaryStore(options);
  let last = root;
  for (const name of names) last = join((await store.create({ name })).path, 'project.json');
  // No event marks this; the real clock has to advance.
  while (isRacy(stampOf(await stat(last)), Date.now())) await sleep(10);
  return { store, root };
}
