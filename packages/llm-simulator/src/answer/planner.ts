import type { Fault } from '../faults/fault.js';
import { createRandom } from '../random.js';
import { materialOf, sampleFromSchema } from '../text/sample.js';
import { excerpt } from '../text/words.js';
import { FILLER, writeAnswer, writeReasoning, writeRefusal } from '../text/writer.js';
import { CHARACTERS_PER_TOKEN, countTokens, tokensOfLength } from '../tokens.js';
import type { Answer, Finish, ToolCall } from './answer.js';
import { BY_WORDS, type Division } from './pieces.js';
import { lastUserText, type Prompt } from './prompt.js';
import { createFiller, shorten, type TextSource } from './text-source.js';
import { chooseToolCalls } from './tool-calls.js';

/** Decides the answers to a prompt. */
export interface AnswerPlanner {
  plan(prompt: Prompt, choice: number, fault: Fault): Answer;
}

/** Distance between the seeds of the choices of one prompt. */
const CHOICE_STRIDE = 7_919;
const REMEMBERED_TEXTS = 256;

/** Remembers the last texts by seed: writing one costs more than the rest of a request. */
export function createAnswerPlanner(): AnswerPlanner {
  const remembered = new Map<number, string>();
  const textFor = (prompt: Prompt, seed: number): string => {
    const known = remembered.get(seed);
    if (known !== undefined) return known;
    const text = answerText(prompt, seed);
    const oldest = remembered.size >= REMEMBERED_TEXTS ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(seed, text);
    return text;
  };
  return {
    plan(prompt, choice, fault) {
      const seed = (prompt.seed + choice * CHOICE_STRIDE) >>> 0;
      const refused = prompt.directives.refusal === true;
      const toolCalls = refused ? [] : chooseToolCalls(prompt, seed);
      const reasoning = reasoningText(prompt, seed);
      const text = refused
        ? writeRefusal()
        : toolCalls.length > 0
          ? ''
          : sized(prompt, () => textFor(prompt, seed));
      const stopped = refused ? { text, stopSequence: null } : stopAt(text, prompt.stops);
      const finish: Finish = refused
        ? 'refusal'
        : toolCalls.length > 0
          ? 'tool_calls'
          : stopped.stopSequence === null
            ? 'stop'
            : 'stop_sequence';
      const whole = { reasoning, ...stopped, toolCalls, finish, division: divisionOf(prompt) };
      return counted(limited(filtered(whole, fault), prompt.maxTokens));
    },
  };
}

type Draft = Omit<Answer, 'reasoningTokens' | 'outputTokens'>;

function answerText(prompt: Prompt, seed: number): string {
  if (prompt.format.type === 'text') return writeAnswer(prompt, seed);
  const asked = lastUserText(prompt);
  const material = materialOf(asked);
  if (prompt.format.type === 'schema')
    return JSON.stringify(sampleFromSchema(prompt.format.schema, material, createRandom(seed)));
  return JSON.stringify({ simulated: true, request: excerpt(asked, 120), words: material.words });
}

function sized(prompt: Prompt, otherwise: () => string): TextSource {
  const { tokens, chunks } = prompt.directives;
  const wanted = tokens ?? chunks;
  if (wanted === undefined) return otherwise();
  return createFiller(wanted * CHARACTERS_PER_TOKEN, FILLER.opening, FILLER.loop);
}

function divisionOf({ directives }: Prompt): Division {
  return directives.chunks === undefined ? BY_WORDS : { by: 'count', chunks: directives.chunks };
}

function reasoningText(prompt: Prompt, seed: number): string {
  const wanted = prompt.directives.reasoning;
  if (wanted === undefined) return prompt.reasoning ? writeReasoning(prompt, seed) : '';
  const length = wanted * CHARACTERS_PER_TOKEN;
  return createFiller(length, 'Simulated reasoning. ', FILLER.loop).slice(0, length);
}

/** Cuts a text before the first stop sequence in it. Answers of prescribed length have none. */
function stopAt(
  text: TextSource,
  stops: readonly string[],
): { text: TextSource; stopSequence: string | null } {
  let end = text.length;
  let stopSequence: string | null = null;
  if (typeof text !== 'string') return { text, stopSequence };
  for (const stop of stops) {
    const found = stop === '' ? -1 : text.indexOf(stop);
    if (found === -1 || found >= end) continue;
    end = found;
    stopSequence = stop;
  }
  return { text: text.slice(0, end), stopSequence };
}

function filtered(draft: Draft, fault: Fault): Draft {
  if (fault.contentFilter !== true) return draft;
  return {
    ...draft,
    toolCalls: [],
    text: shorten(draft.text, Math.floor(draft.text.length / 2)),
    finish: 'content_filter',
    stopSequence: null,
  };
}

/** Spends the budget on reasoning, text and tool calls, in this order; if anything is cut, the answer ends with `length`. */
function limited(draft: Draft, maxTokens: number | undefined): Draft {
  if (maxTokens === undefined) return draft;
  let left = maxTokens;
  const fit = (source: TextSource): TextSource => {
    const cut = shorten(source, left * CHARACTERS_PER_TOKEN);
    left -= tokensOfLength(cut.length);
    return cut;
  };
  const reasoning = fit(draft.reasoning);
  const text = fit(draft.text);
  const toolCalls: ToolCall[] = [];
  let cut = reasoning.length + text.length < draft.reasoning.length + draft.text.length;
  for (const call of draft.toolCalls) {
    if (cut || left === 0) {
      cut = true;
      break;
    }
    const shortened = fit(call.arguments);
    cut = shortened.length < call.arguments.length;
    toolCalls.push({ ...call, arguments: shortened.slice(0, shortened.length) });
  }
  if (!cut) return draft;
  return {
    ...draft,
    reasoning: reasoning.slice(0, reasoning.length),
    text,
    toolCalls,
    finish: 'length',
    stopSequence: null,
  };
}

function counted(draft: Draft): Answer {
  const reasoningTokens = countTokens(draft.reasoning);
  let outputTokens = reasoningTokens + tokensOfLength(draft.text.length);
  for (const call of draft.toolCalls) outputTokens += countTokens(call.arguments);
  return { ...draft, reasoningTokens, outputTokens };
}
