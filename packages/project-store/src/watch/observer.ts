import type { Folder } from '../list/folders.js';
import { lookAt } from '../list/look.js';
import type { Sight } from '../list/sight.js';
import { diff, type Finding, type Touched } from './diff.js';
import { type Observed, observe } from './observed.js';
import type { ProjectEvent } from './project-event.js';

/** Remembers how projects were, and says what is new. */
export interface Observer {
  /** Looks at `folders`, of which those named in `gone` are no more. */
  look(folders: readonly Folder[], gone: Iterable<string>, touched: TouchedOf): Promise<ProjectEvent[]>;
  /** Paths of the folders in which something was found. */
  readonly paths: Iterable<string>;
}

/** What is known to have changed in the texts of the project at a path. */
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
