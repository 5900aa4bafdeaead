import { readdir } from 'node:fs/promises';
import { createFileAtomic, ensureFolder } from '../fs/atomic-write.js';
import { contentHash } from '../fs/content-hash.js';
import { failedRead, readText, refuseLinkedFolder } from '../fs/safe-read.js';
import { revisionFile, revisionsFolder, stageRevisions } from '../layout.js';
import { countField, ParseFailure, parseObject, stringField, timeField, writeTime } from '../parse.js';
import { maxProjectBytes } from '../project-file.js';
import { StoreError } from '../store-error.js';
import { maxTextBytes } from '../text-limit.js';
import type { Revision, RevisionOrigin, StageRef } from './stage.js';
import { decodeStageRecord } from './stage-record-file.js';

/*
 * A revision is one Markdown file. Its first line is a comment, invisible when rendered, with everything known about
 * the text below. The file appears whole or not at all, so an interrupted commit can be finished from it.
 */
const opening = '<!-- ai-toolkit ';
const closing = ' -->\n\n';

/** Room for the longest text and its first line, which is bounded by the size of `project.json`, even if all of it is escaped. */
const maxFileBytes = maxTextBytes + 6 * maxProjectBytes;

export interface RevisionWithText extends Revision {
  readonly text: string;
}

/** @returns false if this revision already exists; it is left unchanged. */
export async function createRevision(project: string, revision: Revision, text: string): Promise<boolean> {
  const stage = { number: revision.stage, slug: revision.slug };
  await refuseLinkedFolder(revisionsFolder(project));
  await ensureFolder(revisionsFolder(project));
  await refuseLinkedFolder(stageRevisions(project, stage));
  await ensureFolder(stageRevisions(project, stage));
  const head = JSON.stringify({ ...revision, createdAt: writeTime(revision.createdAt) })
    // Neither HTML comment terminator may appear inside.
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e');
  return createFileAtomic(
    revisionFile(project, stage, revision.revision),
    `${opening}${head}${closing}${text}`,
  );
}

/** Numbers of the revisions on disk, ascending. */
export async function revisionNumbers(project: string, stage: StageRef): Promise<number[]> {
  const folder = stageRevisions(project, stage);
  try {
    const names = await readdir(folder);
    return names
      .flatMap((name) => (/^\d{4,}\.md$/u.test(name) ? [Number.parseInt(name, 10)] : []))
      .sort((a, b) => a - b);
  } catch (error) {
    failedRead(error, folder);
    return [];
  }
}

/** Undefined if there is no such revision. @throws StoreError `STORE_PROJECT_DAMAGED` */
export async function readRevisionFile(
  project: string,
  stage: StageRef,
  number: number,
): Promise<RevisionWithText | undefined> {
  const path = revisionFile(project, stage, number);
  await refuseLinkedFolder(revisionsFolder(project));
  await refuseLinkedFolder(stageRevisions(project, stage));
  const file = await readText(path, maxFileBytes);
  if (file === undefined) return undefined;
  try {
    return decode(file, number);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    throw new StoreError('STORE_PROJECT_DAMAGED', `${path} is not a whole revision: ${error.message}.`, {
      hint: 'Bring back the file as it was, or move it out of the folder.',
      cause: error,
    });
  }
}

function decode(file: string, number: number): RevisionWithText {
  const end = file.indexOf(closing);
  if (!file.startsWith(opening) || end < 0) throw new ParseFailure('its first line is missing');
  const fields = parseObject(file.slice(opening.length, end));
  const text = file.slice(end + closing.length);
  const hash = stringField(fields, 'contentHash');
  if (hash !== contentHash(text)) throw new ParseFailure('its text was changed');
  const revision = countField(fields, 'revision', 1);
  if (revision !== number) throw new ParseFailure(`it is a copy of revision ${revision}`);
  return {
    stage: countField(fields, 'stage', 1),
    slug: stringField(fields, 'slug'),
    revision,
    origin: originOf(stringField(fields, 'origin')),
    contentHash: hash,
    createdAt: timeField(fields, 'createdAt'),
    ...decodeStageRecord(fields),
    text,
  };
}

function originOf(text: string): RevisionOrigin {
  if (text === 'run' || text === 'edit' || text === 'restore') return text;
  throw new ParseFailure(`its origin is the unknown ${JSON.stringify(text)}`);
}
