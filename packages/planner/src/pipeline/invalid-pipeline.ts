import { PlanError } from '../plan-error.js';

export function invalidPipeline(path: string, problem: string, cause?: unknown): PlanError {
  return new PlanError('PLAN_PIPELINE_INVALID', `The pipeline ${path} is not valid: ${problem}.`, {
    hint: 'Correct it, or remove it to follow the usual stages.',
    ...(cause === undefined ? {} : { cause }),
  });
}
