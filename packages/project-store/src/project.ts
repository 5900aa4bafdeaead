import type { StageState } from './stages/stage.js';

/** What is known of a project without opening its texts. */
export interface Project {
  /** Short, unique, made to be typed: `tide-clock-7f3k2m`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Epoch, ms. */
  readonly createdAt: number;
  /** Epoch, ms: of the last write through a store. */
  readonly updatedAt: number;
  /** Grows by one with every write; the `expectedVersion` of an update. */
  readonly version: number;
  /** By stage number. A stage without an entry was never run. */
  readonly stages: Readonly<Record<string, StageState>>;
  /** Where it was imported from. Absent for one that was made here. */
  readonly origin?: string;
  /** Absolute path of the project's folder. In a database, which has none, where it is: `postgresql:DATABASE/SCHEMA/NAME`. */
  readonly path: string;
}

/** A line of a list. */
export interface ProjectSummary extends Omit<Project, 'stages'> {
  readonly kind: 'project';
  /** Number of stages that have a document. */
  readonly stagesDone: number;
}

/**
 * Why a folder is not read as a project: `garbled` (its `project.json` is not what it should be), `missing` (it has
 * none), `older` or `newer` (the layout of another version, which is whole), `link` (leads out of the root, or
 * nowhere), `unreadable` (may not or cannot be read now).
 */
export type ProjectDamage = 'garbled' | 'link' | 'missing' | 'newer' | 'older' | 'unreadable';

/** A folder that should be a project but cannot be read as one. It never hides the others from a list. */
export interface DamagedProject {
  readonly kind: 'damaged';
  readonly path: string;
  readonly damage: ProjectDamage;
  /** What is wrong, in a sentence. */
  readonly reason: string;
}

export interface NewProject {
  /** 1 to 200 characters of any script; the folder is named after it. */
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** The idea in full, kept in `idea.md`. Default: the description. */
  readonly idea?: string;
  /**
   * Folder in which the project's folder is made, and which need not be inside the root. Default: the root.
   * `STORE_UNSUPPORTED` in a database.
   */
  readonly path?: string;
}

export interface ProjectChange {
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}
