import { contentHash } from '../fs/content-hash.js';
import type { ProjectRecord } from '../project-file.js';

/** What a watch remembers of a project, to know what is new the next time. */
export interface Observed {
  readonly kind: 'project';
  readonly id: string;
  readonly path: string;
  /** Stands for everything that `project.json` says outside the stages. */
  readonly facts: string;
  /** The same for the state of each stage, by number. */
  readonly states: ReadonlyMap<number, string>;
}

export function observe(record: ProjectRecord): Observed {
  // Version and time grow with every write, also with one of a stage.
  const { id, path, stages, version: _version, updatedAt: _updatedAt, ...facts } = record;
  const states = Object.entries(stages).map(([number, state]) => [Number(number), markOf(state)] as const);
  return { kind: 'project', id, path, facts: markOf(facts), states: new Map(states) };
}

function markOf(value: unknown): string {
  return contentHash(JSON.stringify(value));
}
