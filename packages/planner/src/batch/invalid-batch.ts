import { PlanError } from '../plan-error.js';

export function invalidBatch(path: string, problem: string, cause?: unknown): PlanError {
  return new PlanError('PLAN_BATCH_INVALID', `The batch ${path} is not valid: ${problem}.`, {
    hint: 'Nothing was run. Correct the file. A row looks like {"operation": "run-stage", "project_id": "…", "stage": 1}.',
    ...(cause === undefined ? {} : { cause }),
  });
}
