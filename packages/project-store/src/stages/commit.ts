import { ensureFolder } from '../fs/atomic-write.js';
import { contentHash } from '../fs/content-hash.js';
import { readText, readUtf8, refuseLinkedFolder } from '../fs/safe-read.js';
import type { HeldFiles } from '../held-files.js';
import { partialFile, stageFile, stagesFolder } from '../layout.js';
import { checkProjectSize, type ProjectRecord } from '../project-file.js';
import { checkNewText } from './check-stage.js';
import { createRevision, readRevisionFile, revisionNumbers } from './revision-file.js';
import type {
  CurrentRevision,
  Revision,
  RevisionOrigin,
  StageRecord,
  StageRef,
  StageState,
} from './stage.js';
import { recordFor, stateOf, withRevision, withState } from './stage-state.js';

/*
 * A stage changes in three steps, under the project's lock: the revision (immutable, complete), the current text, the
 * entry in `project.json`. The revision contains everything the other two do, so the next lock holder can finish a
 * change that a crash interrupted (`settleStages`). A crash before the first step leaves the project unchanged.
 */

export interface NewText {
  readonly text: string;
  readonly origin: RevisionOrigin;
  readonly record: StageRecord;
  /** Epoch, ms. */
  readonly at: number;
}

export async function commitText(
  project: ProjectRecord,
  stage: StageRef,
  next: NewText,
  files: HeldFiles,
): Promise<CurrentRevision> {
  checkNewText(next.text, next.origin, next.record);
  // The longest number there is: with the actual one the file is not larger.
  const longest = describeRevision(project, stage, Number.MAX_SAFE_INTEGER, next);
  checkProjectSize(withRevision(project, longest, next.at));
  const saved = await saveHandEdit(project, stage, next.at, files);
  const revision = await addRevision(saved, stage, next, files);
  await writeStageFile(saved.path, stage, next.text, files);
  await files.writeProject(withRevision(saved, revision, next.at));
  await files.remove(partialFile(saved.path, stage));
  return { ...revision, path: stageFile(saved.path, stage) };
}

/**
 * Resets a stage to not started: no document, no record; revisions stay. A not-started stage with a `contentHash` marks
 * a file with that content as still to be removed.
 */
export async function clearStage(
  project: ProjectRecord,
  stage: StageRef,
  at: number,
  files: HeldFiles,
): Promise<ProjectRecord> {
  const saved = await saveHandEdit(project, stage, at, files);
  const { lastRevision = 0, contentHash: removed } = stateOf(saved, stage) ?? {};
  const noted = removed === undefined ? {} : { contentHash: removed };
  const clearing = withState(
    saved,
    stage,
    { slug: stage.slug, status: 'not-started', lastRevision, ...noted },
    at,
  );
  await files.writeProject(clearing);
  const cleared = await finishClear(clearing, stage, files);
  await files.writeProject(cleared);
  return cleared;
}

/** Finishes changes interrupted by a crash. Returns the resulting project. */
export async function settleStages(project: ProjectRecord, files: HeldFiles): Promise<ProjectRecord> {
  let settled = project;
  for (const [number, state] of Object.entries(project.stages)) {
    const stage = { number: Number(number), slug: state.slug };
    if (isClearing(state)) settled = await finishClear(settled, stage, files);
    const last = (await revisionNumbers(project.path, stage)).at(-1) ?? 0;
    if (last > state.lastRevision) settled = await finishCommit(settled, stage, last, files);
  }
  if (settled !== project) await files.writeProject(settled);
  return settled;
}

/** Whether `settleStages` has anything to do. */
export async function isUnsettled(project: ProjectRecord): Promise<boolean> {
  for (const [number, state] of Object.entries(project.stages)) {
    if (isClearing(state)) return true;
    const last = (await revisionNumbers(project.path, { number: Number(number), slug: state.slug })).at(-1);
    if ((last ?? 0) > state.lastRevision) return true;
  }
  return false;
}

/** Whether a reset is in progress or was interrupted, so that any remaining document no longer counts. */
export function isClearing(state: StageState | undefined): boolean {
  return state?.status === 'not-started' && state.contentHash !== undefined;
}

/** Adds a stage to `project.json` before its first revision is written, so that `settleStages` looks there. */
export async function introduceStage(
  project: ProjectRecord,
  stage: StageRef,
  files: HeldFiles,
): Promise<ProjectRecord> {
  if (project.stages[stage.number]?.slug === stage.slug) return project;
  const lastRevision = (await revisionNumbers(project.path, stage)).at(-1) ?? 0;
  const introduced = withState(
    project,
    stage,
    { slug: stage.slug, status: 'not-started', lastRevision },
    project.updatedAt,
  );
  await files.writeProject(introduced);
  return introduced;
}

async function finishClear(
  project: ProjectRecord,
  stage: StageRef,
  files: HeldFiles,
): Promise<ProjectRecord> {
  const { lastRevision = 0, contentHash: removed } = stateOf(project, stage) ?? {};
  const path = stageFile(project.path, stage);
  await refuseLinkedFolder(stagesFolder(project.path));
  const text = await readText(path);
  // The text was replaced since, so it is not ours to remove.
  if (text !== undefined && contentHash(text) === removed) await files.remove(path);
  await files.remove(partialFile(project.path, stage));
  return withState(
    project,
    stage,
    { slug: stage.slug, status: 'not-started', lastRevision },
    project.updatedAt,
  );
}

/**
 * Keeps a hand-edited text as a revision of its own before it is replaced.
 * @throws StoreError `STORE_UNREADABLE` if it is not UTF-8, and so cannot be kept as it is
 */
async function saveHandEdit(
  project: ProjectRecord,
  stage: StageRef,
  at: number,
  files: HeldFiles,
): Promise<ProjectRecord> {
  await refuseLinkedFolder(stagesFolder(project.path));
  const text = await readUtf8(stageFile(project.path, stage));
  const known = await introduceStage(project, stage, files);
  if (text === undefined || contentHash(text) === stateOf(known, stage)?.contentHash) return known;
  const revision = await addRevision(known, stage, { text, origin: 'edit', record: {}, at }, files);
  const saved = withRevision(known, revision, at);
  await files.writeProject(saved);
  return saved;
}

async function addRevision(
  project: ProjectRecord,
  stage: StageRef,
  next: NewText,
  files: HeldFiles,
): Promise<Revision> {
  let number = stateOf(project, stage)?.lastRevision ?? 0;
  for (;;) {
    number += 1;
    const revision = describeRevision(project, stage, number, next);
    await files.assertHeld();
    // Skips numbers used elsewhere, such as on another git branch.
    if (await createRevision(project.path, revision, next.text)) return revision;
  }
}

function describeRevision(project: ProjectRecord, stage: StageRef, number: number, next: NewText): Revision {
  return {
    stage: stage.number,
    slug: stage.slug,
    revision: number,
    origin: next.origin,
    contentHash: contentHash(next.text),
    createdAt: next.at,
    ...recordFor(project, stage, next.origin, next.record),
  };
}

async function writeStageFile(
  project: string,
  stage: StageRef,
  text: string,
  files: HeldFiles,
): Promise<void> {
  await refuseLinkedFolder(stagesFolder(project));
  await ensureFolder(stagesFolder(project));
  await files.write(stageFile(project, stage), text);
}

async function finishCommit(
  project: ProjectRecord,
  stage: StageRef,
  last: number,
  files: HeldFiles,
): Promise<ProjectRecord> {
  const revision = await readRevisionFile(project.path, stage, last);
  if (revision === undefined) return project;
  const text = await readText(stageFile(project.path, stage));
  const state = stateOf(project, stage);
  const untouched =
    text === undefined ? state?.revision === undefined : contentHash(text) === state?.contentHash;
  if (untouched) await writeStageFile(project.path, stage, revision.text, files);
  return withRevision(project, revision, revision.createdAt);
}
