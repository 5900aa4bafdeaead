import { bump } from '../project-change.js';
import type { ProjectRecord } from '../project-file.js';
import type { Revision, StageRef, StageState } from './stage.js';
import { recordOf } from './stage-record-file.js';

/** What a project says of a stage. Undefined as well when another stage has the number now. */
export function stateOf(project: ProjectRecord, stage: StageRef): StageState | undefined {
  const state = project.stages[stage.number];
  return state?.slug === stage.slug ? state : undefined;
}

/** The next version of a project, in which a stage has this state. */
export function withState(
  project: ProjectRecord,
  stage: StageRef,
  state: StageState,
  at: number,
): ProjectRecord {
  return bump({ ...project, stages: { ...project.stages, [stage.number]: state } }, at);
}

/** The next version of a project, in which a revision is the current one. */
export function withRevision(project: ProjectRecord, revision: Revision, at: number): ProjectRecord {
  const stage = { number: revision.stage, slug: revision.slug };
  // An edit keeps what is known of the run before it: the person worked on that answer.
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
