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
  /** Projects that need a person. They are left as they are. */
  readonly damaged: readonly DamagedProject[];
  /** Damaged projects that were moved aside, whole. Empty unless that was asked for, and in a dry run. */
  readonly quarantined: readonly QuarantinedProject[];
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
  if (dryRun) return { orphans, damaged: await listDamaged(listing), quarantined: [] };
  await mapConcurrent(orphans, FILE_CONCURRENCY, removeOrphan);
  await mapConcurrent(paths, FILE_CONCURRENCY, (path) => finishChange(path, session));
  const quarantined: QuarantinedProject[] = [];
  for (const project of quarantine ? await listDamaged(listing) : []) {
    const moved = belongsAside(root, project) ? await moveAside(root, project, session.clock()) : undefined;
    if (moved !== undefined) quarantined.push(moved);
  }
  const indexed = await listing.rebuild();
  return { orphans, damaged: await listDamaged(listing), quarantined, indexed };
}

async function listDamaged(listing: Listing): Promise<DamagedProject[]> {
  return (await listing.read()).filter((entry) => entry.kind === 'damaged');
}

/** Every change begins by finishing what an earlier one left, so an empty one does only that. */
async function finishChange(path: string, session: Session): Promise<void> {
  try {
    const project = await readProject(path);
    if (project !== undefined && (await isUnsettled(project))) {
      await session.change(project.id, async () => undefined);
    }
  } catch (error) {
    // A damaged one is in the report, one whose id another folder has as well is found by neither, and whoever holds
    // the lock has finished the change before anything else.
    const passed = ['STORE_PROJECT_', 'STORE_UNREADABLE', 'STORE_OUTSIDE_ROOT', 'STORE_LOCKED'];
    if (!StoreError.isInstance(error) || !passed.some((code) => error.code.startsWith(code))) throw error;
  }
}
