import type { Project } from '../project.js';
import type { StageRef } from '../stages/stage.js';
import type { WatchableProjectStore } from '../store.js';

/** A location for projects, initially empty. */
export interface ProjectStorePlace extends AsyncDisposable {
  /** Opens a store on it; each call stands for another process. `clock` is its clock, epoch in ms. */
  open(clock: () => number): Promise<WatchableProjectStore> | WatchableProjectStore;
  /** Corrupts a stored project from outside, so that it can no longer be read. */
  damage(project: Project): Promise<void>;
  /** Takes the lock of a stage in another process, which then dies holding it. */
  lockAndDie(project: Project, stage: StageRef): Promise<void>;
}

/** What the suite needs to know about a store implementation. */
export interface ProjectStoreHarness {
  /**
   * Whether a project is a folder that a person can edit and that may be anywhere. If so, the suite expects the store
   * to notice edits and accept folders, otherwise to refuse them with `STORE_UNSUPPORTED`.
   */
  readonly folders: boolean;
  createPlace(): Promise<ProjectStorePlace>;
}

/** One behaviour of the contract; `run` rejects with an `AssertionError` if the store violates it. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What a check works with. */
export interface Bench {
  readonly store: WatchableProjectStore;
  /** The same projects, opened as if by another process. */
  readonly other: WatchableProjectStore;
  readonly place: ProjectStorePlace;
  /** Sets the clock of both stores. Each reading advances it by one second. */
  setClock(at: number): void;
}

export type Checks = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

export const plan: StageRef = { number: 1, slug: 'initial-plan' };
export const design: StageRef = { number: 2, slug: 'architecture-design' };
