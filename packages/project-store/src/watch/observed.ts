import { contentHash } from '../fs/content-hash.js';
import type { ProjectRecord } from '../project-file.js';

/** State of a project that a watch remembers to detect changes. */
export interface Observed {
  readonly kind: 'project';
  readonly id: string;
  readonly path: string;
  /** Hash of everything in `project.json` except the stages. */
  readonly facts: string;
  /** Hash of each stage's state, by number. */
  readonly states: ReadonlyMap<number, string>;
}

export function observe(record: ProjectRecord): Observed {
  // Version and update time change with every write, including writes to a stage.
  const { id, path, stages, version: _version, updatedAt: _updatedAt, ...facts } = record;
  const states = Object.entries(stages).map(([number, state]) => [Number(number), markOf(state)] as const);
  return { kind: 'project', id, path, facts: markOf(facts), states: new Map(states) };
}

function markOf(value: unknown): string {
  return contentHash(JSON.stringify(value));
}
