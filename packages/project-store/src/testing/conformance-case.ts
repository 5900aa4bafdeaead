import type { Project } from '../project.js';
import type { StageRef } from '../stages/stage.js';
import type { WatchableProjectStore } from '../store.js';

/** A place for projects that is empty at first. */
export interface ProjectStorePlace extends AsyncDisposable {
  /** A store on it; each call as another process would open it. `clock` is its clock, epoch in ms. */
  open(clock: () => number): Promise<WatchableProjectStore> | WatchableProjectStore;
  /** Breaks from outside what is kept of a project, so that it cannot be read any more. */
  damage(project: Project): Promise<void>;
  /** Takes the lock of a stage in another process, which then dies with it. */
  lockAndDie(project: Project, stage: StageRef): Promise<void>;
}

/** What the suite needs to know about a kind of store. */
export interface ProjectStoreHarness {
  /**
   * Whether a project is a folder that a person can edit and that may be anywhere. The suite holds the one kind to
   * noticing edits and taking folders, the other to refusing them with `STORE_UNSUPPORTED`.
   */
  readonly folders: boolean;
  createPlace(): Promise<ProjectStorePlace>;
}

/** One behaviour of the contract; `run` rejects with an `AssertionError` when the store does not keep it. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What a check works with. */
export interface Bench {
  readonly store: WatchableProjectStore;
  /** As another process has it. */
  readonly other: WatchableProjectStore;
  readonly place: ProjectStorePlace;
  /** Sets the clock of both stores. It moves one second with every look. */
  setClock(at: number): void;
}

export type Checks = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

export const plan: StageRef = { number: 1, slug: 'initial-plan' };
export const design: StageRef = { number: 2, slug: 'architecture-design' };
