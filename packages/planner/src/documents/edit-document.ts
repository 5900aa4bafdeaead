import type { ProjectStore, StageDocument } from '@ai-toolkit/project-store';
import { PlanError } from '../plan-error.js';
import { unmetNeeds } from '../question/question.js';
import { refOf } from '../question/snapshot.js';
import { withStageLock } from '../run/stage-lock.js';
import type { StageDefinition } from '../stages/stage-definition.js';

/** A document about to be edited. */
export interface EditedDocument {
  /** Number of the stage. */
  readonly stage: number;
  readonly name: string;
  readonly slug: string;
  readonly text: string;
}

/** Returns the new text of a document. May take its time: nothing is locked meanwhile. */
export type EditText = (document: EditedDocument) => Promise<string>;

/** @returns the revision with the new text; undefined if the text is unchanged */
export async function editDocument(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
  change: EditText,
): Promise<number | undefined> {
  const before = await store.readStage(id, refOf(stage));
  if (before === undefined) throw unmetNeeds([stage], `Stage ${stage.id} (${stage.name}) has no document.`);
  const { id: number, name, slug } = stage;
  const text = await change({ stage: number, name, slug, text: before.text });
  if (text === before.text) return undefined;
  requireText(text);
  return withStageLock(store, id, stage, async () => {
    const now = await store.readStage(id, refOf(stage));
    if (now?.contentHash !== before.contentHash) throw changedMeanwhile(stage);
    const { revision } = await store.writeStage(id, refOf(stage), text, { origin: 'edit' });
    return revision;
  });
}

/** Replaces the document of a stage, whatever it is. */
export async function replaceDocument(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
  text: string,
): Promise<void> {
  requireText(text);
  await withStageLock(store, id, stage, () => store.writeStage(id, refOf(stage), text, { origin: 'edit' }));
}

/** @throws TypeError */
function requireText(text: string): void {
  if (text.trim() !== '') return;
  throw new TypeError('The new text is empty. To take a document away, reset its stage.');
}

/**
 * Restores the document of a stage to `before`, as read from the store earlier; undefined removes the document. The
 * current text stays in the history.
 */
export async function revertDocument(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
  before: StageDocument | undefined,
): Promise<void> {
  const ref = refOf(stage);
  await withStageLock(store, id, stage, async () => {
    if (before === undefined) {
      await store.resetStage(id, ref);
      return;
    }
    const now = await store.readStage(id, ref);
    if (now?.contentHash === before.contentHash) return;
    // A replaced hand edit has become a revision.
    const same = (await store.listRevisions(id, ref)).findLast(
      ({ contentHash }) => contentHash === before.contentHash,
    );
    if (same === undefined) await store.writeStage(id, ref, before.text, { origin: 'edit' });
    else await store.restoreRevision(id, ref, same.revision);
  });
}

function changedMeanwhile({ id, name }: StageDefinition): PlanError {
  return new PlanError(
    'PLAN_DOCUMENT_CHANGED',
    `The document of stage ${id} (${name}) was changed by somebody else meanwhile.`,
    { hint: 'Nothing was overwritten. Look at the document as it is now, and make the change there.' },
  );
}
