import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { textBlock } from './content-parts.js';
import { type Draft, refusal } from './draft.js';
import { translateResponseFormat } from './output-format.js';
import { translateReasoningEffort } from './reasoning-effort.js';
import { translateTemperature, translateTopP } from './sampling.js';
import { translateToolChoice, translateTools } from './tools.js';
import { translateMessages } from './turns.js';

/** How a field of a chat request is translated. */
export type FieldRule =
  /** The field has a counterpart. */
  | {
      readonly rule: 'translated';
      readonly into: string;
      readonly apply: (value: JsonValue, draft: Draft) => void;
    }
  /** By definition, the field cannot change the answer: omitted, with a note unless its value is neutral. */
  | { readonly rule: 'omitted'; readonly why: string; readonly isNeutral?: (value: JsonValue) => boolean }
  /** The field would change the answer: refused, unless its value is neutral. */
  | {
      readonly rule: 'refused';
      readonly why: string;
      readonly hint: string;
      readonly isNeutral?: (value: JsonValue) => boolean;
    };

const leave = 'Leave it out.';
const withoutCounterpart = { rule: 'refused', why: 'it has no counterpart', hint: leave } as const;
const isFalse = (value: JsonValue): boolean => value === false;
const isZero = (value: JsonValue): boolean => value === 0;
const isEmpty = (value: JsonValue): boolean => isJsonObject(value) && Object.keys(value).length === 0;

/**
 * Every field of chat completions and its rule, applied in this order. `null` counts as absent. Fields not in the table pass unchanged:
 * `thinking`, `top_k`, `cache_control`, `output_config`, `container`, `speed` and future additions of Anthropic. Anthropic rejects unknown
 * fields, so nothing is lost silently.
 */
export const chatFields: Readonly<Record<string, FieldRule>> = {
  model: { rule: 'translated', into: 'model', apply: keep('model') },
  stream: { rule: 'translated', into: 'stream', apply: keep('stream') },
  stream_options: {
    rule: 'translated',
    into: 'nothing: a stream always tells its usage',
    apply: () => undefined,
  },
  max_completion_tokens: { rule: 'translated', into: 'max_tokens', apply: keep('max_tokens') },
  max_tokens: {
    rule: 'translated',
    into: 'max_tokens; absent: the most of the model',
    apply: translateLimit,
  },
  system: { rule: 'translated', into: 'system, first', apply: addSystem },
  messages: { rule: 'translated', into: 'system, messages', apply: translateMessages },
  tools: { rule: 'translated', into: 'tools', apply: translateTools },
  tool_choice: {
    rule: 'translated',
    into: 'tool_choice; required: any',
    apply: (_value, draft) => translateToolChoice(draft),
  },
  parallel_tool_calls: {
    rule: 'translated',
    into: 'tool_choice.disable_parallel_tool_use',
    apply: (_value, draft) => translateToolChoice(draft),
  },
  reasoning_effort: {
    rule: 'translated',
    into: 'thinking and output_config.effort, or thinking.budget_tokens',
    apply: translateReasoningEffort,
  },
  temperature: {
    rule: 'translated',
    into: 'temperature, up to 1; beside thinking, only 1',
    apply: translateTemperature,
  },
  top_p: {
    rule: 'translated',
    into: 'top_p; nothing beside a temperature, where the model takes only one; beside thinking, from 0.95',
    apply: translateTopP,
  },
  stop: { rule: 'translated', into: 'stop_sequences', apply: translateStop },
  response_format: { rule: 'translated', into: 'output_config.format', apply: translateResponseFormat },
  user: { rule: 'translated', into: 'metadata.user_id', apply: identify('user') },
  safety_identifier: { rule: 'translated', into: 'metadata.user_id', apply: identify('safety_identifier') },
  metadata: { rule: 'translated', into: 'metadata.user_id', apply: translateMetadata },
  service_tier: { rule: 'translated', into: 'service_tier', apply: translateServiceTier },

  seed: { rule: 'omitted', why: 'it promises nothing, and models here take none' },
  prediction: { rule: 'omitted', why: 'it makes an answer faster, never another' },
  prompt_cache_key: { rule: 'omitted', why: 'prompts are cached by their content' },
  prompt_cache_retention: { rule: 'omitted', why: 'prompts are cached by cache_control' },
  prompt_cache_options: { rule: 'omitted', why: 'prompts are cached by cache_control', isNeutral: isEmpty },
  store: { rule: 'omitted', why: 'no answers are kept', isNeutral: isFalse },

  n: {
    rule: 'refused',
    why: 'a request has one answer',
    hint: 'Ask as often as you want answers.',
    isNeutral: (value) => value === 1,
  },
  frequency_penalty: { ...withoutCounterpart, isNeutral: isZero },
  presence_penalty: { ...withoutCounterpart, isNeutral: isZero },
  logit_bias: { ...withoutCounterpart, isNeutral: isEmpty },
  logprobs: {
    rule: 'refused',
    why: 'token probabilities are not told',
    hint: `${leave} Only other models tell them.`,
    isNeutral: isFalse,
  },
  top_logprobs: {
    rule: 'refused',
    why: 'token probabilities are not told',
    hint: `${leave} Only other models tell them.`,
    isNeutral: isZero,
  },
  verbosity: {
    ...withoutCounterpart,
    hint: 'Say in the prompt how long the answer shall be.',
    isNeutral: (value) => value === 'medium',
  },
  modalities: {
    rule: 'refused',
    why: 'answers are text',
    hint: 'Leave it out, or ask a model that speaks.',
    isNeutral: (value) => Array.isArray(value) && value.every((item) => item === 'text'),
  },
  audio: { rule: 'refused', why: 'answers are text', hint: 'Leave it out, or ask a model that speaks.' },
  moderation: { ...withoutCounterpart, hint: 'Ask for a moderation by itself.' },
  web_search_options: {
    rule: 'refused',
    why: 'the search is a tool here',
    hint: 'Send {"type": "web_search_20260318", "name": "web_search"} in "tools".',
  },
  functions: {
    rule: 'refused',
    why: 'it is deprecated',
    hint: 'Send "tools".',
    isNeutral: (value) => Array.isArray(value) && value.length === 0,
  },
  function_call: { rule: 'refused', why: 'it is deprecated', hint: 'Send "tool_choice".' },
};

function keep(name: string): (value: JsonValue, draft: Draft) => void {
  return (value, { body }) => {
    body[name] = value;
  };
}

function translateLimit(value: JsonValue, { body, notes }: Draft): void {
  if (body.max_tokens === undefined) body.max_tokens = value;
  else if (body.max_tokens !== value)
    notes.add('max_tokens', 'omitted', 'max_completion_tokens is set as well');
}

function addSystem(value: JsonValue, draft: Draft): void {
  const blocks = Array.isArray(value) ? value : [value];
  for (const block of blocks) {
    const said = typeof block === 'string' ? textBlock(block, 'system', draft) : block;
    if (isJsonObject(said)) draft.system.push(said);
    else if (said !== undefined)
      throw refusal('system', 'it is neither a string nor a list of blocks', 'Send a string.');
  }
}

function translateStop(value: JsonValue, draft: Draft): void {
  const stops = Array.isArray(value) ? value : [value];
  if (draft.request.stop_sequences !== undefined) {
    throw refusal('stop', 'stop_sequences is set as well', 'Set one of the two.');
  }
  for (const stop of stops) {
    if (typeof stop !== 'string' || stop.trim() === '') {
      throw refusal(
        'stop',
        `${JSON.stringify(stop)} is not a text with a visible character`,
        'Stop at a word or a sign, and cut white space off the answer yourself.',
      );
    }
  }
  if (stops.length > 0) draft.body.stop_sequences = stops;
}

/** The end user. Anthropic's own `metadata.user_id` has precedence, then the first field given. */
function identify(field: string): (value: JsonValue, draft: Draft) => void {
  return (value, { body, request, notes }) => {
    const own = isJsonObject(request.metadata) ? request.metadata.user_id : undefined;
    if (body.metadata === undefined && typeof own !== 'string') body.metadata = { user_id: value };
    else if (value !== own && !(isJsonObject(body.metadata) && body.metadata.user_id === value)) {
      notes.add(field, 'omitted', 'another id of the user is set as well');
    }
  };
}

/** Anthropic accepts a user id and nothing else. */
function translateMetadata(value: JsonValue, { body, notes }: Draft): void {
  const { user_id, ...rest }: JsonObject = isJsonObject(value) ? value : {};
  if (typeof user_id === 'string') body.metadata = { user_id };
  if (Object.keys(rest).length > 0 || (user_id !== undefined && typeof user_id !== 'string'))
    notes.add('metadata', 'omitted', 'nothing but user_id is kept');
}

function translateServiceTier(value: JsonValue, { body, notes }: Draft): void {
  if (value === 'auto' || value === 'standard_only') body.service_tier = value;
  else if (value === 'default') body.service_tier = 'standard_only';
  else notes.add('service_tier', 'omitted', 'tiers are auto and standard_only');
}
