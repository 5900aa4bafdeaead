import type { Folder } from '../list/folders.js';
import { lookAt } from '../list/look.js';
import type { Sight } from '../list/sight.js';
import { diff, type Finding, type Touched } from './diff.js';
import { type Observed, observe } from './observed.js';
import type { ProjectEvent } from './project-event.js';

/** Remembers the state of projects and reports what changed. */
export interface Observer {
  /** Checks `folders`, and treats the paths in `gone` as deleted. */
  look(folders: readonly Folder[], gone: Iterable<string>, touched: TouchedOf): Promise<ProjectEvent[]>;
  /** Paths of the folders that contain a project, damaged or not. */
  readonly paths: Iterable<string>;
}

/** Which texts of the project at a path are known to have changed. */
type TouchedOf = (path: string) => Touched;

export function createObserver(local: boolean): Observer {
  const sights = new Map<string, Sight<Observed>>();
  const ids = new Map<string, string>();

  function findingAt(path: string): Finding {
    const entry = sights.get(path)?.entry;
    const id = ids.get(path);
    return entry?.kind === 'damaged' && id !== undefined ? { ...entry, id } : entry;
  }

  function put(path: string, sight: Sight<Observed>): void {
    if (sight.entry === undefined) {
      sights.delete(path);
      ids.delete(path);
      return;
    }
    sights.set(path, sight);
    if (sight.entry.kind === 'project') ids.set(path, sight.entry.id);
  }

  return {
    get paths() {
      return sights.keys();
    },
    async look(folders, gone, touchedOf) {
      const found = await lookAt(folders, sights, { local, view: observe });
      for (const path of gone) found.set(path, {});
      const comparisons = [...found].map(([path, sight]) => {
        const before = findingAt(path);
        put(path, sight);
        return { before, after: findingAt(path), touched: touchedOf(path) };
      });
      return diff(comparisons);
    },
  };
}
