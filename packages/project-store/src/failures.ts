import type { LockOwner } from './lock/lock-owner.js';
import { describeHolder } from './locked-error.js';
import type { StageRef } from './stages/stage.js';
import { StoreError } from './store-error.js';

/* Errors that every kind of store words alike. */

/** @param near ids the reference probably meant */
export function notFound(reference: string, near: readonly string[] = []): StoreError {
  const hint = near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `;
  return new StoreError('STORE_PROJECT_NOT_FOUND', `No project ${JSON.stringify(reference)}.`, {
    hint: `${hint}List the projects to see their ids.`,
  });
}

/** @param ids of the projects with this name; at most 8 are listed */
export function nameTwice(name: string, ids: readonly string[]): StoreError {
  const named = ids.slice(0, 8).join(', ');
  return new StoreError(
    'STORE_PROJECT_AMBIGUOUS',
    `Several projects are called ${JSON.stringify(name)}: ${named}.`,
    { hint: 'Name one by its id.' },
  );
}

/** @param ids of the matching projects; at most 8 are listed */
export function ambiguous(reference: string, ids: readonly string[]): StoreError {
  const named = ids.slice(0, 8).join(', ');
  return new StoreError('STORE_PROJECT_AMBIGUOUS', `Several ids begin with ${reference}: ${named}.`, {
    hint: 'Type more of the id.',
  });
}

export function conflict(
  project: { readonly id: string; readonly version: number },
  expected: number,
): StoreError {
  return new StoreError(
    'STORE_CONFLICT',
    `Project ${project.id} has version ${project.version}; the change was made for version ${expected}.`,
    { hint: 'Get the project again, look at what changed, and repeat the change.' },
  );
}

export function projectBusy(id: string, holder: LockOwner | undefined): StoreError {
  return new StoreError('STORE_STAGE_BUSY', `A stage of ${id} is being run by ${describeHolder(holder)}.`, {
    hint: 'End the run first, or wait for it.',
    retryable: true,
  });
}

export function stageBusy(id: string, stage: StageRef, holder: LockOwner | undefined): StoreError {
  return new StoreError(
    'STORE_STAGE_BUSY',
    `Stage ${stage.number} of ${id} is being run by ${describeHolder(holder)}.`,
    { hint: 'Wait for it to finish, or end it there. A run that died is no obstacle.', retryable: true },
  );
}

/** @param what was locked, such as `Stage 1 of tide-clock-7f3k2m` */
export function lockLost(what: string, holder: LockOwner | undefined): StoreError {
  return new StoreError(
    'STORE_LOCK_LOST',
    `${what} was taken over by ${describeHolder(holder)}, after this process had given no sign for too long.`,
    { hint: 'Nothing of the other process was overwritten. Look at what it did before you try again.' },
  );
}

/** @param what it is, such as `The text` */
export function tooLarge(what: string, bytes: number, most: number): StoreError {
  return new StoreError('STORE_UNWRITABLE', `${what} has ${bytes} bytes, and at most ${most} are stored.`, {
    hint: 'Nothing was written. Shorten it, or divide it.',
  });
}

export function revisionNotFound(id: string, stage: StageRef, revision: number): StoreError {
  return new StoreError(
    'STORE_REVISION_NOT_FOUND',
    `Stage ${stage.number} of ${id} has no revision ${revision}.`,
    { hint: 'Look at the history of the stage.' },
  );
}
