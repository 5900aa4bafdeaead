import { contentHash } from '../fs/content-hash.js';
import { stageName } from '../layout.js';
import { type CheckedProject, checkNewProject } from '../naming/check-new-project.js';
import type { Project } from '../project.js';
import { checkProjectSize } from '../project-file.js';
import { checkNewText, keptFailure } from '../stages/check-stage.js';
import type { RevisionWithText } from '../stages/revision-file.js';
import type { StageRef, StageState } from '../stages/stage.js';
import { recordOf } from '../stages/stage-record-file.js';
import { checkText } from '../text-limit.js';
import type { ImportedProject, ImportedStage } from './imported-project.js';

/** Everything a store keeps of an imported project. */
export interface ImportParts {
  readonly facts: CheckedProject & Pick<Project, 'createdAt' | 'updatedAt'> & { readonly origin: string };
  readonly stages: Readonly<Record<string, StageState>>;
  readonly revisions: readonly RevisionWithText[];
  readonly partials: readonly StageText[];
  readonly original: string;
}

interface StageText {
  readonly stage: StageRef;
  readonly text: string;
}

/**
 * @throws StoreError `STORE_NAME_INVALID`, or `STORE_UNWRITABLE` for what is too large
 * @throws TypeError or RangeError for an invalid origin, original, time, stage or record
 */
export function buildImport(input: ImportedProject): ImportParts {
  const { origin, original, createdAt, updatedAt } = input;
  if (typeof origin !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(origin)) {
    throw new RangeError(`origin must have 1 to 200 visible characters, received ${JSON.stringify(origin)}`);
  }
  checkText('original', original);
  checkTime('createdAt', createdAt);
  checkTime('updatedAt', updatedAt);
  const stages: Record<string, StageState> = {};
  const revisions: RevisionWithText[] = [];
  for (const imported of input.stages) {
    const { number } = imported.stage;
    if (stages[number] !== undefined)
      throw new RangeError(`stages must have each number once, received ${number} twice`);
    const own = revisionsOf(imported);
    stages[number] = stateOf(imported, own.at(-1));
    revisions.push(...own);
  }
  for (const { partial } of input.stages) if (partial !== undefined) checkText('partial', partial);
  const facts = { ...checkNewProject(input), createdAt, updatedAt, origin };
  checkProjectSize({ ...facts, stages, id: facts.slug, version: 1, path: '', extra: {} });
  return {
    facts,
    stages,
    revisions,
    partials: input.stages.flatMap(({ stage, partial }) =>
      partial === undefined ? [] : [{ stage, text: partial }],
    ),
    original,
  };
}

function revisionsOf({ stage, texts }: ImportedStage): RevisionWithText[] {
  return texts.map(({ text, createdAt, record = {} }, index) => {
    checkNewText(text, 'run', record);
    return {
      stage: stage.number,
      slug: stage.slug,
      revision: index + 1,
      origin: 'run',
      contentHash: contentHash(text),
      createdAt: checkTime('texts.createdAt', createdAt),
      ...recordOf(record),
      text,
    };
  });
}

function stateOf(
  { stage, texts, isReset = false, failure }: ImportedStage,
  last: RevisionWithText | undefined,
): StageState {
  stageName(stage);
  if (failure !== undefined) checkTime('failure.at', failure.at);
  const current = isReset ? undefined : last;
  const status = failure === undefined ? (current === undefined ? 'not-started' : 'done') : 'failed';
  const known = { slug: stage.slug, status, lastRevision: texts.length } as const;
  const error = failure === undefined ? {} : { error: keptFailure(failure) };
  if (current === undefined) return { ...known, ...error };
  const { revision, contentHash: hash, createdAt } = current;
  return { ...known, revision, contentHash: hash, finishedAt: createdAt, ...recordOf(current), ...error };
}

/** Largest time value a `Date` can hold, https://tc39.es/ecma262/#sec-time-values-and-time-range */
const longestMs = 8.64e15;

function checkTime(option: string, at: number): number {
  if (Number.isInteger(at) && Math.abs(at) <= longestMs) return at;
  throw new RangeError(`${option} must be an epoch in whole ms, received ${String(at)}`);
}
