import { isJsonObject, type JsonValue } from '../json.js';
import { type Draft, refusal } from './draft.js';

const noSampling = 'this model takes no sampling parameters';
const leaveItOut = 'Leave it out, and steer the model by the prompt or by "reasoning_effort".';

/** Anthropic answers 400 to other values together with thinking ("Feature compatibility" of its page on extended thinking). */
const leastTopPOfThinking = 0.95;
const notWhileThinking = 'this model takes no other value while it thinks';

function isThinking({ body }: Draft): boolean {
  const { type } = isJsonObject(body.thinking) ? body.thinking : {};
  return type === 'enabled' || type === 'adaptive';
}

/**
 * Ranges from 0 to 2 in chat completions and from 0 to 1 at Anthropic, with a default of 1 in both: up to 1 they mean the same; above it
 * there is no counterpart.
 */
export function translateTemperature(value: JsonValue, draft: Draft): void {
  const { top_p } = draft.request;
  // A default is redundant, and newer models accept only one of the two.
  if (value === 1 && (!draft.family.takesSampling || (typeof top_p === 'number' && top_p !== 1))) return;
  if (!draft.family.takesSampling) throw refusal('temperature', noSampling, leaveItOut);
  if (typeof value === 'number' && value > 1) {
    throw refusal('temperature', 'its highest value is 1', 'Set it to 1 or less, or leave it out.');
  }
  if (value !== 1 && isThinking(draft)) draft.notes.add('temperature', 'omitted', notWhileThinking);
  else draft.body.temperature = value;
}

/**
 * 1 has no effect, so it is never sent: newer models accept only one of `temperature` and `top_p`. If both are significant, the temperature
 * is kept: it is what most callers mean, and a refusal would help nobody, least of all if this model is a fallback.
 */
export function translateTopP(value: JsonValue, draft: Draft): void {
  const { body, family, notes } = draft;
  if (value === 1) return;
  if (!family.takesSampling) throw refusal('top_p', noSampling, leaveItOut);
  if (typeof value === 'number' && value < leastTopPOfThinking && isThinking(draft))
    notes.add('top_p', 'omitted', notWhileThinking);
  else if (body.temperature === undefined || family.takesBothSamplings) body.top_p = value;
  else notes.add('top_p', 'omitted', 'this model takes only one of temperature and top_p');
}
