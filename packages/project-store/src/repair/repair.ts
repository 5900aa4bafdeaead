import { dirname, join } from 'node:path';
import { mapConcurrent } from '../fs/map-concurrent.js';
import { FILE_CONCURRENCY } from '../fs/map-files.js';
import { TRASH_FOLDER } from '../layout.js';
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
  /** Move projects with a garbled or missing `project.json` to the folder `.quarantine` in the root. Default: false. */
  readonly quarantine?: boolean;
  /**
   * Age up to which a temporary file of a process on another machine is left alone, since it may still be in use, ms.
   * Default: 600,000.
   */
  readonly orphanAgeMs?: number;
}

export interface RepairReport {
  /** Paths of temporary files and folders that nobody will finish. Removed unless this was a dry run. */
  readonly orphans: readonly string[];
  /** Paths of projects with an interrupted change. It was finished unless this was a dry run. */
  readonly unfinished: readonly string[];
  /** Projects that need manual attention. They are left unchanged. */
  readonly damaged: readonly DamagedProject[];
  /** Damaged projects that were moved aside, whole. Empty unless requested, and in a dry run. */
  readonly quarantined: readonly QuarantinedProject[];
  /** The entries of `damaged` that `quarantine` would move aside. */
  readonly movable: readonly DamagedProject[];
  /** Number of projects in the rebuilt list index. Undefined in a dry run, and where there is no index. */
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
  const trash = join(root, TRASH_FOLDER);
  const parents = new Set([root, trash, index.folder, ...paths.map((path) => dirname(path))]);
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

/** Every change first finishes an interrupted one, so an empty change does just that. */
async function finishChange(path: string, session: Session): Promise<void> {
  try {
    const project = await readProject(path);
    if (project !== undefined) await session.change(project.id, async () => undefined);
  } catch (error) {
    passOver(error);
  }
}

/**
 * Skipped: a damaged project, which the report lists; one whose id is ambiguous; and a locked one, since the holder of
 * the lock finishes the interrupted change first.
 */
function passOver(error: unknown): void {
  const passed = ['STORE_PROJECT_', 'STORE_UNREADABLE', 'STORE_OUTSIDE_ROOT', 'STORE_LOCKED'];
  if (!StoreError.isInstance(error) || !passed.some((code) => error.code.startsWith(code))) throw error;
}
