import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createFolderWatcher } from '../fs/folder-watcher.js';
import { mapFiles } from '../fs/map-files.js';
import { stagesFolder } from '../layout.js';
import type { Folder } from '../list/folders.js';
import type { Touched } from './diff.js';
import { touchedBy } from './touched.js';

/** What the system has reported. */
interface Report {
  /** Names in the root. */
  readonly names: ReadonlySet<string>;
  /** Folders of projects in which something happened, and what that says of their texts. */
  readonly touched: ReadonlyMap<string, Touched>;
}

export interface Reports {
  /** Reports what happens in these projects from now on. @returns false when the system does not report all of it */
  cover(folders: readonly Folder[]): Promise<boolean>;
  uncover(path: string): void;
  /** What was reported since. Undefined when some of it was lost: then everything has to be covered anew. */
  take(): Promise<Report | undefined>;
  close(): void;
}

/** Changes of projects as the operating system reports them. */
export function createReports(root: string, onReport: () => void): Reports {
  let names = new Set<string>();
  let inside = new Map<string, Set<string>>();
  let lost = false;
  const watcher = createFolderWatcher({
    persistent: true,
    onLost: () => {
      lost = true;
      onReport();
    },
    onChange(folder, name) {
      // The root itself was moved or deleted: it is reported under its own name.
      if (name === undefined || (folder === root && name === basename(root))) lost = true;
      else if (folder === root) names.add(name);
      else addTo(inside, folder, name);
      onReport();
    },
  });
  watcher.add(root);

  /** A folder of texts that is new may hold some already. */
  async function textsIn(path: string): Promise<string[]> {
    watcher.add(stagesFolder(path));
    return readdir(stagesFolder(path)).catch(() => []);
  }

  return {
    async cover(folders) {
      const add = ({ path }: Folder): boolean => watcher.add(path) && watcher.add(stagesFolder(path));
      await mapFiles(folders, true, { now: add, later: async (folder) => add(folder) });
      return watcher.has(root) && watcher.refusal === undefined;
    },
    uncover(path) {
      watcher.remove(path);
      watcher.remove(stagesFolder(path));
    },
    async take() {
      if (lost) return undefined;
      const report = { names, inside };
      names = new Set();
      inside = new Map();
      const touched = new Map<string, Touched>();
      for (const path of new Set([...report.inside.keys()].map(projectOf))) {
        const own = report.inside.get(path) ?? new Set();
        const texts = report.inside.get(stagesFolder(path)) ?? [];
        const found = own.has(basename(stagesFolder(path))) ? await textsIn(path) : [];
        touched.set(path, touchedBy(own, [...texts, ...found]));
      }
      return { names: report.names, touched };
    },
    close: () => watcher.close(),
  };

  function projectOf(folder: string): string {
    const parent = dirname(folder);
    return stagesFolder(parent) === folder && watcher.has(parent) ? parent : folder;
  }
}

function addTo(map: Map<string, Set<string>>, key: string, name: string): void {
  const names = map.get(key);
  if (names === undefined) map.set(key, new Set([name]));
  else names.add(name);
}
