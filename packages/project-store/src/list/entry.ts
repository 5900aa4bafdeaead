import type { DamagedProject, ProjectDamage, ProjectSummary } from '../project.js';
import type { ProjectRecord } from '../project-file.js';

export type ListEntry = ProjectSummary | DamagedProject;

export function summarize(record: ProjectRecord): ProjectSummary {
  const { id, name, description, tags, createdAt, updatedAt, version, stages, path, origin } = record;
  const stagesDone = Object.values(stages).filter((stage) => stage.revision !== undefined).length;
  const from = origin === undefined ? {} : { origin };
  return {
    kind: 'project',
    id,
    name,
    description,
    tags,
    createdAt,
    updatedAt,
    version,
    stagesDone,
    ...from,
    path,
  };
}

export function damaged(path: string, damage: ProjectDamage, reason: string): DamagedProject {
  return { kind: 'damaged', path, damage, reason };
}

/** List order: latest change first, damaged entries last. */
export function newestFirst(a: ListEntry, b: ListEntry): number {
  if (a.kind === 'project' && b.kind === 'project' && a.updatedAt !== b.updatedAt)
    return b.updatedAt - a.updatedAt;
  if (a.kind !== b.kind) return a.kind === 'project' ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}
