import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createFolderWatcher } from '../fs/folder-watcher.js';
import { mapFiles } from '../fs/map-files.js';
import { stagesFolder } from '../layout.js';
import type { Folder } from '../list/folders.js';
import type { Touched } from './diff.js';
import { touchedBy } from './touched.js';

/** Changes reported by the system. */
interface Report {
  /** Names in the root. */
  readonly names: ReadonlySet<string>;
  /** Project folders in which something changed, with the texts that may be affected. */
  readonly touched: ReadonlyMap<string, Touched>;
}

export interface Reports {
  /** Starts reporting changes in these projects. @returns false if the system does not report all of them */
  cover(folders: readonly Folder[]): Promise<boolean>;
  uncover(path: string): void;
  /** Returns and clears the reports so far. Undefined if some were lost: then everything must be covered again. */
  take(): Promise<Report | undefined>;
  close(): void;
}

/** Changes to projects as reported by the operating system. */
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
      // The root itself was moved or deleted, which is reported under its own name.
      if (name === undefined || (folder === root && name === basename(root))) lost = true;
      else if (folder === root) names.add(name);
      else addTo(inside, folder, name);
      onReport();
    },
  });
  watcher.add(root);

  /** A new folder of texts may already contain some. */
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
    // A project may itself be called like a folder of texts.
    if (parent === root) return folder;
    return stagesFolder(parent) === folder && watcher.has(parent) ? parent : folder;
  }
}

function addTo(map: Map<string, Set<string>>, key: string, name: string): void {
  const names = map.get(key);
  if (names === undefined) map.set(key, new Set([name]));
  else names.add(name);
}
