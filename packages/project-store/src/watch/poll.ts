import { setTimeout as sleep } from 'node:timers/promises';
import { listFolders } from '../list/folders.js';
import { untouched } from './diff.js';
import type { FollowContext } from './follow.js';
import { createObserver } from './observer.js';
import { createPolledTexts } from './polled-texts.js';

/** Reports changes by checking everything every `pollMs`. */
export async function pollFolders(context: FollowContext, pollMs: number): Promise<never> {
  const { root, registryFile, emit, onReady, signal } = context;
  const observer = createObserver(false);
  const texts = createPolledTexts();
  for (let round = 0; ; round += 1) {
    const folders = await listFolders(root, registryFile);
    const paths = new Set(folders.map(({ path }) => path));
    const gone = [...observer.paths].filter((path) => !paths.has(path));
    // Texts first: one that changes in between is reported through its state now, or on its own in the next round.
    const touchedOf = await texts.look([...paths]);
    const events = await observer.look(folders, gone, round === 0 ? () => untouched : touchedOf);
    if (round === 0) onReady();
    else for (const event of events) emit(event);
    await sleep(pollMs, undefined, { signal });
  }
}
