import { dirname } from 'node:path';
import { mapConcurrent } from '../fs/map-concurrent.js';
import { FILE_CONCURRENCY } from '../fs/map-files.js';
import { listFolders } from '../list/folders.js';
import type { IndexFile } from '../list/index-file.js';
import type { Listing } from '../list/listing.js';
import type { DamagedProject } from '../project.js';
import { readProject } from '../project-file.js';
import type { Session } from '../session.js';
import { isUnsettled } from '../stages/commit.js';
import { StoreError } from '../store-error.js';
import { findOrphans, removeOrphan } from './orphans.js';
import { belongsAside, moveAside, type QuarantinedProject } from './quarantine.js';

export interface RepairOptions {
  /** Only report. Default: false. */
  readonly dryRun?: boolean;
  /** Move projects whose `project.json` is garbled or missing into the folder `.quarantine` of the root. Default: false. */
  readonly quarantine?: boolean;
  /**
   * A temporary file of a process on another machine is left alone when it is younger, ms: that process may be at work.
   * Default: 600,000.
   */
  readonly orphanAgeMs?: number;
}

export interface RepairReport {
  /** Temporary files and folders that nobody will finish, as paths. Removed unless this was a dry run. */
  readonly orphans: readonly string[];
  /** Projects in which a crash interrupted a change, as paths. It was finished unless this was a dry run. */
  readonly unfinished: readonly string[];
  /** Projects that need a person. They are left as they are. */
  readonly damaged: readonly DamagedProject[];
  /** Damaged projects that were moved aside, whole. Empty unless that was asked for, and in a dry run. */
  readonly quarantined: readonly QuarantinedProject[];
  /** Those of `damaged` that `quarantine` would move aside. */
  readonly movable: readonly DamagedProject[];
  /** Number of projects in the list, whose index was made anew. Undefined in a dry run, and where there is no index. */
  readonly indexed?: number;
}

export interface RepairContext {
  readonly root: string;
  readonly registryFile: string;
  readonly session: Session;
  readonly listing: Listing;
  readonly index: IndexFile;
}

export async function repairProjects(
  { root, registryFile, session, listing, index }: RepairContext,
  { dryRun = false, quarantine = false, orphanAgeMs = 600_000 }: RepairOptions,
): Promise<RepairReport> {
  const folders = (await listFolders(root, registryFile)).filter(({ refused }) => refused === undefined);
  const paths = folders.map(({ path }) => path);
  const parents = new Set([root, index.folder, ...paths.map((path) => dirname(path))]);
  const orphans = await findOrphans([...parents], paths, session.clock() - orphanAgeMs);
  const isMovable = (project: DamagedProject): boolean => belongsAside(root, project);
  const found = await mapConcurrent(paths, FILE_CONCURRENCY, async (path) =>
    (await hasUnfinished(path)) ? [path] : [],
  );
  const unfinished = found.flat().sort();
  if (dryRun) {
    const damaged = await listDamaged(listing);
    return { orphans, unfinished, damaged, quarantined: [], movable: damaged.filter(isMovable) };
  }
  await mapConcurrent(orphans, FILE_CONCURRENCY, removeOrphan);
  await mapConcurrent(unfinished, FILE_CONCURRENCY, (path) => finishChange(path, session));
  const quarantined: QuarantinedProject[] = [];
  for (const project of quarantine ? await listDamaged(listing) : []) {
    const moved = isMovable(project) ? await moveAside(root, project, session.clock()) : undefined;
    if (moved !== undefined) quarantined.push(moved);
  }
  const indexed = await listing.rebuild();
  const damaged = await listDamaged(listing);
  return { orphans, unfinished, damaged, quarantined, movable: damaged.filter(isMovable), indexed };
}

async function listDamaged(listing: Listing): Promise<DamagedProject[]> {
  return (await listing.read()).filter((entry) => entry.kind === 'damaged');
}

async function hasUnfinished(path: string): Promise<boolean> {
  const state = async (): Promise<boolean> => {
    const project = await readProject(path);
    return project !== undefined && (await isUnsettled(project));
  };
  return state().catch((error: unknown) => {
    passOver(error);
    return false;
  });
}

/** Every change begins by finishing what an earlier one left, so an empty one does only that. */
async function finishChange(path: string, session: Session): Promise<void> {
  try {
    const project = await readProject(path);
    if (project !== undefined) await session.change(project.id, async () => undefined);
  } catch (error) {
    passOver(error);
  }
}

/**
 * A damaged project is in the report, one whose id another folder has as well is found by neither, and whoever holds the
 * lock has finished the change before anything else.
 */
function passOver(error: unknown): void {
  const passed = ['STORE_PROJECT_', 'STORE_UNREADABLE', 'STORE_OUTSIDE_ROOT', 'STORE_LOCKED'];
  if (!StoreError.isInstance(error) || !passed.some((code) => error.code.startsWith(code))) throw error;
}
