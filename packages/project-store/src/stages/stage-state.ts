import { bump } from '../project-change.js';
import type { ProjectRecord } from '../project-file.js';
import type { Revision, StageRef, StageState } from './stage.js';
import { recordOf } from './stage-record-file.js';

/** The state of a stage. Undefined also if its number now belongs to another stage. */
export function stateOf(project: ProjectRecord, stage: StageRef): StageState | undefined {
  const state = project.stages[stage.number];
  return state?.slug === stage.slug ? state : undefined;
}

/** The next version of a project, with this state of a stage. */
export function withState(
  project: ProjectRecord,
  stage: StageRef,
  state: StageState,
  at: number,
): ProjectRecord {
  return bump({ ...project, stages: { ...project.stages, [stage.number]: state } }, at);
}

/** The next version of a project, with this revision as the current one. */
export function withRevision(project: ProjectRecord, revision: Revision, at: number): ProjectRecord {
  const stage = { number: revision.stage, slug: revision.slug };
  // An edit keeps the record of the run it is based on.
  const record = revision.origin === 'edit' ? recordOf(stateOf(project, stage) ?? {}) : recordOf(revision);
  const state: StageState = {
    slug: revision.slug,
    status: 'done',
    revision: revision.revision,
    lastRevision: revision.revision,
    contentHash: revision.contentHash,
    finishedAt: revision.createdAt,
    ...record,
  };
  return withState(project, stage, state, at);
}
