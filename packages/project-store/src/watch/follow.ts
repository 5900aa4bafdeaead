import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Folder, folderNamed, listFolders, registeredFolders } from '../list/folders.js';
import { REGISTRY_NAME } from '../registry.js';
import { untouched } from './diff.js';
import { createObserver } from './observer.js';
import type { ProjectEvent } from './project-event.js';
import { createReports } from './reports.js';

export interface FollowContext {
  readonly root: string;
  readonly registryFile: string;
  readonly emit: (event: ProjectEvent) => void;
  /** Called once no later change can be missed. */
  readonly onReady: () => void;
  /** Aborts the work, which then rejects with the reason. */
  readonly signal: AbortSignal;
}

/** Changes come in bursts: writing a stage causes six. Wait this long for the rest, ms. */
const gatherMs = 30;

/** Reports changes as the system does. Returns `lost` if reports were lost, `refused` if the system does not report everything. */
export async function followReports(context: FollowContext): Promise<'lost' | 'refused'> {
  const { root, registryFile, emit, onReady, signal } = context;
  let wake = Promise.withResolvers<void>();
  const stir = (): void => wake.resolve();
  const reports = createReports(root, stir);
  signal.addEventListener('abort', stir, { once: true });
  try {
    const folders = await listFolders(root, registryFile);
    if (!(await reports.cover(folders))) return 'refused';
    const observer = createObserver(true);
    await observer.look(folders, [], () => untouched);
    const places = new Map(folders.map((folder) => [folder.path, folder]));
    onReady();
    for (;;) {
      await wake.promise;
      await sleep(gatherMs, undefined, { signal });
      wake = Promise.withResolvers();
      const report = await reports.take();
      if (report === undefined) return 'lost';
      const { come, gone } = await movements(context, places, report.names);
      for (const path of gone) {
        reports.uncover(path);
        places.delete(path);
      }
      await reports.cover(come);
      for (const folder of come) places.set(folder.path, folder);
      const stirred = [...report.touched.keys()].flatMap((path) => places.get(path) ?? []);
      const again = new Set([...come, ...stirred].map(({ path }) => path));
      const events = await observer.look(
        [...again].flatMap((path) => places.get(path) ?? []),
        gone,
        (path) => report.touched.get(path) ?? untouched,
      );
      for (const event of events) emit(event);
    }
  } finally {
    signal.removeEventListener('abort', stir);
    reports.close();
  }
}

interface Movements {
  /** Folders that are new, or may have been replaced under the same name. */
  readonly come: readonly Folder[];
  /** Paths of folders that no longer exist. */
  readonly gone: readonly string[];
}

async function movements(
  { root, registryFile }: FollowContext,
  places: ReadonlyMap<string, Folder>,
  names: ReadonlySet<string>,
): Promise<Movements> {
  const come: Folder[] = [];
  const gone: string[] = [];
  for (const name of names) {
    const folder = await folderNamed(root, name);
    if (folder !== undefined) come.push(folder);
    else if (places.has(join(root, name))) gone.push(join(root, name));
  }
  if (!names.has(REGISTRY_NAME)) return { come, gone };
  const inside = new Map([...places].filter(([path, { name }]) => path === join(root, name)));
  const elsewhere = await registeredFolders(inside, registryFile);
  come.push(...elsewhere.filter(({ path }) => !places.has(path)));
  const registered = new Set(elsewhere.map(({ path }) => path));
  gone.push(...[...places.keys()].filter((path) => !inside.has(path) && !registered.has(path)));
  return { come, gone };
}
