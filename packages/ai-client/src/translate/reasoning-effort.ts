import { isJsonObject, type JsonObject, type JsonValue, jsonObjects } from '../json.js';
import { isReasoning } from './block-details.js';
import { type Draft, refusal } from './draft.js';

/** Thinking budgets by effort, tokens. Our choice, since OpenAI does not publish its own. */
const budgetOf: Readonly<Record<string, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 12_288,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

/** Smallest budget that Anthropic accepts. */
const leastBudget = 1_024;

/** Nearest equivalents of efforts that a model may lack. */
const substitutes: Readonly<Record<string, string>> = { minimal: 'low', xhigh: 'high' };

/** Translates an effort to thinking: a budget for models that require one, adaptive thinking with an effort for the others. */
export function translateReasoningEffort(value: JsonValue, draft: Draft): void {
  if (typeof value !== 'string') throw refusal('reasoning_effort', 'it is not a string', 'Set it to "low".');
  if (draft.family.thinking === 'adaptive') thinkAdaptively(value, draft);
  else thinkWithin(value, draft);
}

function thinkAdaptively(asked: string, draft: Draft): void {
  const { body, family, notes } = draft;
  if (asked === 'none') {
    stopThinking(draft);
    return;
  }
  const config: JsonObject = isJsonObject(body.output_config) ? body.output_config : {};
  if (config.effort !== undefined && config.effort !== null) {
    throw refusal('reasoning_effort', 'output_config.effort is set as well', 'Set one of the two.');
  }
  const effort = family.efforts.includes(asked) ? asked : (substitutes[asked] ?? asked);
  if (effort !== asked) {
    notes.add('reasoning_effort', 'changed', `this model has no effort ${asked}; ${effort} is next to it`);
  }
  body.output_config = { ...config, effort };
  if (body.thinking !== undefined) return;
  if (mayThink(draft)) body.thinking = { type: 'adaptive' };
  else notes.add('reasoning_effort', 'changed', withoutThought);
}

const withoutThought = 'this model does not think before a call that tool_choice forces';

function mayThink({ body, family }: Draft): boolean {
  const { type } = isJsonObject(body.tool_choice) ? body.tool_choice : {};
  return family.thinksBeforeForcedCalls || (type !== 'any' && type !== 'tool');
}

function stopThinking(draft: Draft): void {
  const { body, family } = draft;
  if (body.thinking !== undefined || !family.thinksUnasked) return;
  if (!family.canStopThinking) {
    throw refusal('reasoning_effort', 'this model always thinks', 'Set it to "low", or ask another model.');
  }
  body.thinking = { type: 'disabled' };
}

function thinkWithin(effort: string, draft: Draft): void {
  const { body, notes } = draft;
  if (effort === 'none') return;
  if (body.thinking !== undefined) {
    notes.add('reasoning_effort', 'omitted', 'thinking is set, and says it more exactly');
    return;
  }
  const wanted = budgetOf[effort];
  if (wanted === undefined) {
    throw refusal('reasoning_effort', `${JSON.stringify(effort)} is not known`, 'Set it to "low".');
  }
  if (lacksItsThinking(jsonObjects(body.messages))) {
    notes.add('reasoning_effort', 'omitted', 'the calls to be gone on with came back without their thinking');
    return;
  }
  if (!mayThink(draft)) {
    notes.add('reasoning_effort', 'omitted', withoutThought);
    return;
  }
  // The budget is part of max_tokens; at least a fifth is left for the answer.
  const room = typeof body.max_tokens === 'number' ? Math.floor(body.max_tokens * 0.8) : wanted;
  const budget = Math.min(wanted, room);
  if (budget < leastBudget) {
    notes.add(
      'reasoning_effort',
      'omitted',
      `max_tokens leaves less than ${leastBudget} tokens for thinking`,
    );
    return;
  }
  body.thinking = { type: 'enabled', budget_tokens: budget };
}

/**
 * Whether the last turn has tool results for a turn without its thinking, which clients limited to OpenAI's fields drop. Models with a
 * budget refuse to continue from there with thinking.
 */
function lacksItsThinking(turns: readonly JsonObject[]): boolean {
  const [called, answered] = turns.slice(-2);
  const isAnswered = jsonObjects(answered?.content).some(({ type }) => type === 'tool_result');
  return isAnswered && !jsonObjects(called?.content).some((block) => isReasoning(block));
}
