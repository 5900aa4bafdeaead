import type { ImportedProject, ImportResult } from './import/imported-project.js';
import type { LockOwner } from './lock/lock-owner.js';
import type { DamagedProject, NewProject, Project, ProjectChange, ProjectSummary } from './project.js';
import type { RepairOptions, RepairReport } from './repair/repair.js';
import type { PartialWriter } from './stages/partial-writer.js';
import type { RevisionWithText } from './stages/revision-file.js';
import type {
  CurrentRevision,
  Revision,
  RevisionOrigin,
  StageDocument,
  StageFailure,
  StageRecord,
  StageRef,
} from './stages/stage.js';
import type { ProjectWatch, WatchOptions } from './watch/project-event.js';

export interface UpdateOptions {
  /** Fails with `STORE_CONFLICT` if the project no longer has this version. Default: any version. */
  readonly expectedVersion?: number;
}

export interface DeleteOptions {
  /** Delete permanently instead of moving to the trash. Default: false. */
  readonly permanent?: boolean;
}

/** Held while a stage runs, exclusive across processes. */
export interface StageLock extends AsyncDisposable {
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * Stores projects with their texts. `id` may be the id or the name of the project's folder, or the project's name or an
 * id prefix if only one matches. All methods fail with `StoreError`: those that take a project with
 * `STORE_PROJECT_NOT_FOUND`, `STORE_PROJECT_AMBIGUOUS` or `STORE_PROJECT_DAMAGED`; writes with `STORE_UNWRITABLE` or
 * `STORE_LOCKED`, and with `STORE_LOCK_LOST` if another process has taken the project or the stage over meanwhile; all
 * of them with `STORE_UNAVAILABLE` if the projects are in a database that cannot be reached.
 */
export interface ProjectStore extends AsyncDisposable {
  /** Creates a project. Appends a number if the folder name is taken; never overwrites anything. */
  create(project: NewProject): Promise<Project>;
  /**
   * Imports a project from elsewhere, whole or not at all. One with a known origin is not imported again.
   * @throws StoreError `STORE_NAME_INVALID`
   */
  importProject(project: ImportedProject): Promise<ImportResult>;
  /** The file that a project was imported from, unchanged. Undefined if it was created here. */
  readOriginal(id: string): Promise<string | undefined>;
  get(id: string): Promise<Project>;
  /** Everything in the root and everything registered, latest change first. Damaged projects are listed as such, at the end. */
  getAll(): Promise<ReadonlyArray<ProjectSummary | DamagedProject>>;
  update(id: string, change: ProjectChange, options?: UpdateOptions): Promise<Project>;
  /** Moves the project to the trash. Fails with `STORE_STAGE_BUSY` while one of its stages runs. */
  delete(id: string, options?: DeleteOptions): Promise<{ readonly trashPath?: string }>;
  /** Registers a project folder outside the root. Does nothing if it is known. `STORE_UNSUPPORTED` in a database. */
  registerFolder(path: string): Promise<Project>;

  /**
   * Finishes changes interrupted by a crash, removes temporary files that nobody will finish, rebuilds the list index,
   * reports damaged projects and moves them aside on request. Deletes nothing else. Optional: a crash leaves nothing
   * behind that gets in the way.
   */
  repair(options?: RepairOptions): Promise<RepairReport>;

  readIdea(id: string): Promise<string>;
  writeIdea(id: string, text: string): Promise<Project>;

  /** The current text, including hand edits. Undefined if there is none. */
  readStage(id: string, stage: StageRef): Promise<StageDocument | undefined>;
  /** Makes a text current and adds it as a revision. A hand-edited text it replaces is kept as a revision. Removes the partial text. */
  writeStage(
    id: string,
    stage: StageRef,
    text: string,
    record?: StageRecord & { readonly origin?: RevisionOrigin },
  ): Promise<CurrentRevision>;
  /** Records why the last attempt failed. The document of an earlier attempt stays current. */
  failStage(id: string, stage: StageRef, failure: Omit<StageFailure, 'at'>): Promise<Project>;
  /** Resets a stage to not started. Revisions stay, and a hand-edited text becomes one. */
  resetStage(id: string, stage: StageRef): Promise<Project>;

  /** Oldest first. */
  listRevisions(id: string, stage: StageRef): Promise<readonly Revision[]>;
  /** @throws StoreError `STORE_REVISION_NOT_FOUND` */
  readRevision(id: string, stage: StageRef, revision: number): Promise<RevisionWithText>;
  /** Makes an older revision current again, as a new revision with the same text. */
  restoreRevision(id: string, stage: StageRef, revision: number): Promise<CurrentRevision>;

  /** A writer for the output of a running stage. Changes nothing before the first text. */
  openPartial(id: string, stage: StageRef): Promise<PartialWriter>;
  readPartial(id: string, stage: StageRef): Promise<string | undefined>;

  /**
   * Acquires a stage for a run. @throws StoreError `STORE_STAGE_BUSY` naming the process that holds it. A dead process
   * is no obstacle.
   */
  lockStage(id: string, stage: StageRef): Promise<StageLock>;
  /** The process that currently runs a stage, if any. */
  stageHolder(id: string, stage: StageRef): Promise<LockOwner | undefined>;

  /** Ends every watch and clears caches. Idempotent. Locks stay held until they are released. */
  close(): Promise<void>;
}

/** A store that can report changes. */
export interface WatchableProjectStore extends ProjectStore {
  /**
   * Reports changes of all projects as they happen: this store's own from the call on, those by other processes or by
   * hand from `ready` on.
   */
  watch(options?: WatchOptions): ProjectWatch;
}
