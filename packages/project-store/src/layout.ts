import { join, sep } from 'node:path';
import { isSlug } from './naming/slug.js';
import type { StageRef } from './stages/stage.js';

/** Folder for locks inside a project, and for the index inside the root. Git ignores it. */
export const INTERNAL_FOLDER = '.ai-toolkit';
/** Folder in the root for deleted projects. */
export const TRASH_FOLDER = '.trash';
/** Folder in the root for damaged projects that `repair` moved aside. */
export const QUARANTINE_FOLDER = '.quarantine';

export function projectFile(project: string): string {
  return `${project}${sep}project.json`;
}

export function ideaFile(project: string): string {
  return join(project, 'idea.md');
}

/** The file a project was imported from. */
export function originalFile(project: string): string {
  return join(project, 'original.json');
}

export function projectLock(project: string): string {
  return join(project, INTERNAL_FOLDER, 'project.lock');
}

/** One lock per stage number, so that a renamed stage cannot run twice. @throws RangeError for an invalid stage */
export function stageLock(project: string, stage: StageRef): string {
  stageName(stage);
  return join(project, INTERNAL_FOLDER, `stage-${stage.number}.lock`);
}

export function stagesFolder(project: string): string {
  return join(project, 'stages');
}

export function stageFile(project: string, stage: StageRef): string {
  return join(stagesFolder(project), `${stageName(stage)}.md`);
}

export function partialFile(project: string, stage: StageRef): string {
  return join(stagesFolder(project), `${stageName(stage)}.partial.md`);
}

export function revisionsFolder(project: string): string {
  return join(project, 'revisions');
}

export function stageRevisions(project: string, stage: StageRef): string {
  return join(revisionsFolder(project), stageName(stage));
}

export function revisionFile(project: string, stage: StageRef, revision: number): string {
  return join(stageRevisions(project, stage), `${String(revision).padStart(4, '0')}.md`);
}

/** Base name of a stage's files. @throws RangeError for an invalid stage */
export function stageName(stage: StageRef): string {
  if (!Number.isSafeInteger(stage.number) || stage.number < 1) {
    throw new RangeError(`stage.number must be a positive whole number, received ${String(stage.number)}`);
  }
  if (!isSlug(stage.slug)) {
    throw new RangeError(
      `stage.slug must be lower-case words joined by -, received ${JSON.stringify(stage.slug)}`,
    );
  }
  return `${stage.number}-${stage.slug}`;
}
