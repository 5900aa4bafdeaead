import { type ProjectStore, type StageLock, StoreError } from '@ai-toolkit/project-store';
import { PlanError } from '../plan-error.js';
import { refOf } from '../question/snapshot.js';
import type { StageDefinition } from '../stages/stage-definition.js';

/** @throws PlanError `PLAN_STAGE_BUSY` */
export async function lockStage(store: ProjectStore, id: string, stage: StageDefinition): Promise<StageLock> {
  try {
    return await store.lockStage(id, refOf(stage));
  } catch (error) {
    if (!StoreError.isInstance(error) || error.code !== 'STORE_STAGE_BUSY') throw error;
    throw new PlanError('PLAN_STAGE_BUSY', error.message, {
      hint: error.hint,
      retryable: true,
      cause: error,
    });
  }
}

/** Runs an action while no run of the stage is possible. */
export async function withStageLock<T>(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
  action: () => Promise<T>,
): Promise<T> {
  const lock = await lockStage(store, id, stage);
  try {
    return await action();
  } finally {
    await lock.release();
  }
}

/** Records a failure. Ignores errors of doing so: the failure itself matters more to the caller. */
export async function noteFailure(
  store: ProjectStore,
  id: string,
  stage: StageDefinition,
  error: unknown,
): Promise<void> {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  const message = error instanceof Error ? error.message : String(error);
  await store.failStage(id, refOf(stage), { code, message }).catch(() => undefined);
}
