import { bump } from '../project-change.js';
import type { ProjectRecord } from '../project-file.js';
import type { Revision, RevisionOrigin, StageRecord, StageRef, StageState } from './stage.js';
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

/** The record of a new text. An edit keeps that of the run it is based on. */
export function recordFor(
  project: ProjectRecord,
  stage: StageRef,
  origin: RevisionOrigin,
  record: StageRecord,
): StageRecord {
  const before = origin === 'edit' ? recordOf(stateOf(project, stage) ?? {}) : {};
  return { ...before, ...recordOf(record) };
}

/** The next version of a project, with this revision as the current one. */
export function withRevision(project: ProjectRecord, revision: Revision, at: number): ProjectRecord {
  const stage = { number: revision.stage, slug: revision.slug };
  const state: StageState = {
    slug: revision.slug,
    status: 'done',
    revision: revision.revision,
    lastRevision: revision.revision,
    contentHash: revision.contentHash,
    finishedAt: revision.createdAt,
    ...recordFor(project, stage, revision.origin, revision),
  };
  return withState(project, stage, state, at);
}
