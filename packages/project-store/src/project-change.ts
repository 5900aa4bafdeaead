import { checkDescription, checkName, checkTags } from './naming/check-text.js';
import type { ProjectChange } from './project.js';
import type { ProjectRecord } from './project-file.js';

/** Validates and normalises a change. @throws StoreError `STORE_NAME_INVALID` */
export function checkChange({ name, description, tags }: ProjectChange): ProjectChange {
  return {
    ...(name === undefined ? {} : { name: checkName(name) }),
    ...(description === undefined ? {} : { description: checkDescription(description) }),
    ...(tags === undefined ? {} : { tags: checkTags(tags) }),
  };
}

/** The next version of a project. */
export function bump(project: ProjectRecord, at: number): ProjectRecord {
  // A clock that was set back must not make a change look older than the one before.
  return { ...project, version: project.version + 1, updatedAt: Math.max(at, project.updatedAt) };
}
