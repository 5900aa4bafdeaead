import type { Generation } from '@ai-toolkit/ai-client';
import { PlanError } from '../plan-error.js';
import type { StageDefinition } from '../stages/stage-definition.js';

/**
 * Checks that an answer may become a document. A truncated answer is accepted only if the caller set the limit.
 * @throws PlanError `PLAN_OUTPUT_EMPTY`, `PLAN_OUTPUT_FILTERED`, `PLAN_OUTPUT_TRUNCATED`
 */
export function checkAnswer(
  stage: StageDefinition,
  generation: Generation | undefined,
  limited: boolean,
): Generation {
  const title = `stage ${stage.id} (${stage.name})`;
  if (generation?.finishReason === 'content_filter') {
    throw new PlanError('PLAN_OUTPUT_FILTERED', `The provider's filter ended the answer for ${title}.`, {
      hint: 'Reword the idea or the template, or choose another model.',
    });
  }
  if (generation === undefined || generation.text.trim() === '') {
    throw new PlanError('PLAN_OUTPUT_EMPTY', `The model gave no text for ${title}.`, {
      hint: 'Run the stage again with the cache mode refresh, or choose another model.',
      retryable: true,
    });
  }
  if (generation.finishReason === 'length' && !limited) {
    throw new PlanError(
      'PLAN_OUTPUT_TRUNCATED',
      `The model stopped in the middle of ${title}: its limit was reached.`,
      {
        hint: 'Set a larger maxTokens, or choose a model that can write longer answers. What it wrote is kept as partial text.',
      },
    );
  }
  return generation;
}
