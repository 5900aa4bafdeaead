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
  /** Fails with `STORE_CONFLICT` when the project has another version by now. Default: any version will do. */
  readonly expectedVersion?: number;
}

export interface DeleteOptions {
  /** Delete for good instead of moving to the trash. Default: false. */
  readonly permanent?: boolean;
}

/** Held while a stage runs, in whatever process. */
export interface StageLock extends AsyncDisposable {
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * Projects with their texts. Wherever `id` is asked for, the name of the project's folder does as well, and so do the
 * project's name and the beginning of the id where only one fits. All methods fail with `StoreError`; those that name a project with
 * `STORE_PROJECT_NOT_FOUND`, `STORE_PROJECT_AMBIGUOUS` or `STORE_PROJECT_DAMAGED`, those that write with
 * `STORE_UNWRITABLE` or `STORE_LOCKED`; all of them with `STORE_UNAVAILABLE` where the projects are in a database that
 * is away, and those that write to a stage with `STORE_LOCK_LOST` when the store has lost that stage to another run.
 */
export interface ProjectStore extends AsyncDisposable {
  /** Makes a project. A folder name that is taken gets a number; nothing is ever overwritten. */
  create(project: NewProject): Promise<Project>;
  /**
   * Brings in a project that was made elsewhere, whole or not at all. One whose origin is known is not made again.
   * @throws StoreError `STORE_NAME_INVALID`
   */
  importProject(project: ImportedProject): Promise<ImportResult>;
  /** The file that a project was imported from, as it was. Undefined for one that was made here. */
  readOriginal(id: string): Promise<string | undefined>;
  get(id: string): Promise<Project>;
  /** Everything in the root and everything registered, newest change first. A damaged project is an entry that says so. */
  getAll(): Promise<ReadonlyArray<ProjectSummary | DamagedProject>>;
  update(id: string, change: ProjectChange, options?: UpdateOptions): Promise<Project>;
  /** Moves the project to the trash. Refused with `STORE_STAGE_BUSY` while one of its stages runs. */
  delete(id: string, options?: DeleteOptions): Promise<{ readonly trashPath?: string }>;
  /** Remembers a project folder outside the root. Does nothing when it is known. `STORE_UNSUPPORTED` in a database. */
  registerFolder(path: string): Promise<Project>;

  /**
   * Finishes changes that a crash interrupted, removes temporary files that nobody will finish, makes the index of the
   * list anew, and tells which projects are damaged; moves those aside when asked. Deletes nothing else. Not needed for
   * anything to work; a crash leaves nothing that gets in the way.
   */
  repair(options?: RepairOptions): Promise<RepairReport>;

  readIdea(id: string): Promise<string>;
  writeIdea(id: string, text: string): Promise<Project>;

  /** The current text, edits by hand included. Undefined when there is none. */
  readStage(id: string, stage: StageRef): Promise<StageDocument | undefined>;
  /**
   * Makes a text current and adds it to the revisions. A text edited by hand that it replaces is kept as a revision.
   * The partial text goes.
   */
  writeStage(
    id: string,
    stage: StageRef,
    text: string,
    record?: StageRecord & { readonly origin?: RevisionOrigin },
  ): Promise<CurrentRevision>;
  /** Notes why the last attempt failed. The document of an earlier attempt stays current. */
  failStage(id: string, stage: StageRef, failure: Omit<StageFailure, 'at'>): Promise<Project>;
  /** Back to not started. Revisions stay, also of a text that was only edited by hand. */
  resetStage(id: string, stage: StageRef): Promise<Project>;

  /** Oldest first. */
  listRevisions(id: string, stage: StageRef): Promise<readonly Revision[]>;
  /** @throws StoreError `STORE_REVISION_NOT_FOUND` */
  readRevision(id: string, stage: StageRef, revision: number): Promise<RevisionWithText>;
  /** Makes an older revision current again, as a new revision with the same text. */
  restoreRevision(id: string, stage: StageRef, revision: number): Promise<CurrentRevision>;

  /** A file for what a running stage has said so far. Nothing is touched before the first text. */
  openPartial(id: string, stage: StageRef): Promise<PartialWriter>;
  readPartial(id: string, stage: StageRef): Promise<string | undefined>;

  /** @throws StoreError `STORE_STAGE_BUSY` naming the process that runs it. One that died is no obstacle. */
  lockStage(id: string, stage: StageRef): Promise<StageLock>;
  /** The process that runs a stage now, if there is one. */
  stageHolder(id: string, stage: StageRef): Promise<LockOwner | undefined>;

  /** Ends every watch and forgets what was remembered. Idempotent; locks that are held stay held until they are released. */
  close(): Promise<void>;
}

/** A store that tells of changes. */
export interface WatchableProjectStore extends ProjectStore {
  /**
   * Changes of all projects as they happen. What this store does after the call is told; what others do, in another
   * process or by hand, from `ready` on.
   */
  watch(options?: WatchOptions): ProjectWatch;
}
