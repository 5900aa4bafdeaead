import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Folder, listFolders } from './folders.js';
import { isMissing } from './fs/error-code.js';
import { mapConcurrent } from './fs/map-concurrent.js';
import { ideaFile, projectFile, stagesFolder } from './layout.js';
import { READ_CONCURRENCY } from './locate.js';
import type { DamagedProject, ProjectSummary } from './project.js';
import { type ProjectRecord, readProject } from './project-file.js';
import { StoreError } from './store-error.js';

export interface Listing {
  /** Newest change first, damaged ones at the end. */
  read(): Promise<ReadonlyArray<ProjectSummary | DamagedProject>>;
  forget(): void;
}

interface Seen {
  readonly stamp: string;
  readonly entry: ProjectSummary | DamagedProject;
}

/** Lists projects; a `project.json` is read again only when the file system says that it is another one. */
export function createListing(root: string, registryFile: string): Listing {
  let seen: ReadonlyMap<string, Seen> = new Map();

  async function look(folder: Folder): Promise<Seen | undefined> {
    const { path } = folder;
    if (folder.refused !== undefined) return { stamp: '', entry: damaged(path, folder.refused) };
    const stamp = await stampOf(projectFile(path));
    if (stamp === undefined) {
      // A folder of something else is none of our business; one with our files has lost its heart.
      if (!(await exists(stagesFolder(path))) && !(await exists(ideaFile(path)))) return undefined;
      return { stamp: '', entry: damaged(path, 'it has no project.json') };
    }
    const before = seen.get(path);
    if (before?.stamp === stamp && stamp !== '') return before;
    try {
      const record = await readProject(path);
      return record && { stamp, entry: summarize(record) };
    } catch (error) {
      if (!StoreError.isInstance(error)) throw error;
      return { stamp, entry: damaged(path, error.message) };
    }
  }

  return {
    async read() {
      const folders = await listFolders(root, registryFile);
      const found = await mapConcurrent(folders, READ_CONCURRENCY, look);
      const next = new Map<string, Seen>();
      for (const one of found) if (one !== undefined) next.set(one.entry.path, one);
      seen = next;
      return [...next.values()].map(({ entry }) => entry).sort(newestFirst);
    },
    forget: () => {
      seen = new Map();
    },
  };
}

function summarize(record: ProjectRecord): ProjectSummary {
  const { id, name, description, tags, createdAt, updatedAt, version, stages, path } = record;
  const stagesDone = Object.values(stages).filter((stage) => stage.revision !== undefined).length;
  return { kind: 'project', id, name, description, tags, createdAt, updatedAt, version, stagesDone, path };
}

function damaged(path: string, reason: string): DamagedProject {
  return { kind: 'damaged', path, reason };
}

async function exists(path: string): Promise<boolean> {
  return (await stampOf(path)) !== undefined;
}

/** Changes whenever the file does. Undefined when there is none, empty when it may not be looked at. */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs }: BigIntStats = await stat(path, { bigint: true });
    return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    return isMissing(error) ? undefined : '';
  }
}

function newestFirst(a: ProjectSummary | DamagedProject, b: ProjectSummary | DamagedProject): number {
  if (a.kind === 'project' && b.kind === 'project' && a.updatedAt !== b.updatedAt)
    return b.updatedAt - a.updatedAt;
  if (a.kind !== b.kind) return a.kind === 'project' ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}
