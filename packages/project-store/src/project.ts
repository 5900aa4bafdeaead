import type { StageState } from './stages/stage.js';

/** A project without its texts. */
export interface Project {
  /** Short, unique, easy to type: `tide-clock-7f3k2m`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Epoch, ms. */
  readonly createdAt: number;
  /** Time of the last write through a store. Epoch, ms. */
  readonly updatedAt: number;
  /** Incremented by every write. Pass it as the `expectedVersion` of an update. */
  readonly version: number;
  /** By stage number. A stage without an entry has never run. */
  readonly stages: Readonly<Record<string, StageState>>;
  /** Where the project was imported from. Absent if it was created here. */
  readonly origin?: string;
  /** Absolute path of the project's folder. In a database: `postgresql:DATABASE/SCHEMA/NAME`. */
  readonly path: string;
}

/** An entry of a list. */
export interface ProjectSummary extends Omit<Project, 'stages'> {
  readonly kind: 'project';
  /** Number of stages that have a document. */
  readonly stagesDone: number;
}

/**
 * Why a folder cannot be read as a project: `garbled` (its `project.json` is invalid), `missing` (it has none), `older`
 * or `newer` (intact, but with the layout of another version), `link` (leads out of the root, or nowhere), `unreadable`
 * (the system refuses to read it).
 */
export type ProjectDamage = 'garbled' | 'link' | 'missing' | 'newer' | 'older' | 'unreadable';

/** A folder that should be a project but cannot be read as one. It never hides the others from a list. */
export interface DamagedProject {
  readonly kind: 'damaged';
  readonly path: string;
  readonly damage: ProjectDamage;
  /** What is wrong, as a sentence. */
  readonly reason: string;
}

export interface NewProject {
  /** 1 to 200 characters of any script; the folder name is derived from it. */
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** The idea in full, kept in `idea.md`. Default: the description. */
  readonly idea?: string;
  /** Folder in which to create the project's folder, inside or outside the root. Default: the root. `STORE_UNSUPPORTED` in a database. */
  readonly path?: string;
}

export interface ProjectChange {
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}
