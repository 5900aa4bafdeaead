import { join } from 'node:path';
import { createProjectFolder } from '../create.js';
import { ensureFolders, writeFileAtomic } from '../fs/atomic-write.js';
import { writeFailure } from '../fs/error-code.js';
import { originalFile, partialFile, stageFile } from '../layout.js';
import type { Listing } from '../list/listing.js';
import { acquireLock, type LockOptions } from '../lock/file-lock.js';
import { lockedError } from '../locked-error.js';
import type { ProjectRecord } from '../project-file.js';
import { createRevision } from '../stages/revision-file.js';
import type { ImportParts } from './build-import.js';

/** Serialises imports: whether a project is already present can only be checked while nothing is added. */
const LOCK_NAME = '.import.lock';

/** Imports a project into `root`, whole or not at all. @returns its id, and whether it is new */
export async function importFolder(
  root: string,
  parts: ImportParts,
  listing: Listing,
  options: LockOptions,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  await ensureFolders(root).catch((error: unknown) => {
    throw writeFailure(error, root);
  });
  const { lock, ...refused } = await acquireLock(join(root, LOCK_NAME), options);
  if (lock === undefined) throw lockedError(`The projects folder ${root}`, refused);
  try {
    const { origin } = parts.facts;
    const known = (await listing.read()).find((entry) => entry.kind === 'project' && entry.origin === origin);
    if (known?.kind === 'project') return { id: known.id, isNew: false };
    const { id } = await createProjectFolder(root, { ...parts.facts, stages: parts.stages }, (draft) =>
      fill(draft, parts),
    );
    return { id, isNew: true };
  } finally {
    await lock.release();
  }
}

async function fill(
  draft: ProjectRecord,
  { stages, revisions, partials, original }: ImportParts,
): Promise<void> {
  const { path } = draft;
  for (const { text, ...revision } of revisions) {
    await createRevision(path, revision, text);
    const stage = { number: revision.stage, slug: revision.slug };
    if (stages[stage.number]?.revision === revision.revision)
      await writeFileAtomic(stageFile(path, stage), text);
  }
  for (const { stage, text } of partials) await writeFileAtomic(partialFile(path, stage), text);
  await writeFileAtomic(originalFile(path), original);
}
