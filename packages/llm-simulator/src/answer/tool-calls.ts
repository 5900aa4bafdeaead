import { createRandom, pick } from '../random.js';
import { materialOf, sampleFromSchema } from '../text/sample.js';
import { properNames } from '../text/words.js';
import type { ToolCall } from './answer.js';
import { freshToolResults, lastUserText, type Prompt, type Tool } from './prompt.js';

/** Parts of tool names that say nothing about when to call them. */
const GENERIC = new Set([
  'get',
  'set',
  'list',
  'find',
  'call',
  'fetch',
  'make',
  'create',
  'tool',
  'function',
  'current',
  'data',
  'the',
  'for',
  'from',
]);
const MAX_REPEATS = 4;
const ASKS_FOR_ANY_TOOL =
  /\b(?:use|call|invoke|run)\s+(?:the |a |an |any |your |all (?:the )?|both )?(?:\w+ )?(?:tools?|functions?)\b/i;

/** The calls a model would make now: none unless the choice forces one or the prompt asks for one. */
export function chooseToolCalls(prompt: Prompt, seed: number): ToolCall[] {
  const chosen = chooseTools(prompt);
  if (chosen.length === 0) return [];
  const asked = lastUserText(prompt);
  const material = materialOf(asked);
  return chosen.map((tool, index) => {
    const random = createRandom(seed + index);
    if (tool.kind === 'custom')
      return { name: tool.name, kind: tool.kind, arguments: pick(random, material.words, 'simulated') };
    // Each of several calls to one tool uses a different name from the prompt.
    const turned = [...material.names.slice(index), ...material.names.slice(0, index)].slice(0, 1);
    const value = sampleFromSchema(tool.schema ?? { type: 'object' }, { ...material, names: turned }, random);
    return { name: tool.name, kind: tool.kind, arguments: JSON.stringify(value) };
  });
}

function chooseTools(prompt: Prompt): readonly Tool[] {
  const { tools, toolChoice, directives } = prompt;
  const [first] = tools;
  if (first === undefined || toolChoice.mode === 'none') return [];
  if (directives.tools !== undefined)
    return Array.from({ length: directives.tools }, (_, index) => tools[index % tools.length] ?? first);
  if (toolChoice.mode === 'named') {
    const named = tools.find((tool) => tool.name === toolChoice.name);
    return named === undefined ? [] : [named];
  }
  if (toolChoice.mode === 'auto' && freshToolResults(prompt).length > 0) return [];
  const fitting = repeated(fittingTools(prompt), prompt);
  const calls = fitting.length === 0 && toolChoice.mode === 'required' ? [first] : fitting;
  return prompt.parallelTools ? calls : calls.slice(0, 1);
}

/** "The weather in Paris and London" is one tool called twice, as models call it. */
function repeated(fitting: readonly Tool[], prompt: Prompt): readonly Tool[] {
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) return fitting;
  const asked = lastUserText(prompt);
  const names = properNames(asked);
  const listed = names.filter(
    (name, index) => index === 0 || /^(?: and|, and|,) $/.test(between(asked, names[index - 1] ?? '', name)),
  );
  return listed
    .slice(0, MAX_REPEATS)
    .map(() => only)
    .concat(listed.length === 0 ? [only] : []);
}

function between(text: string, left: string, right: string): string {
  const start = text.indexOf(left) + left.length;
  return text.slice(start, Math.max(start, text.indexOf(right, start)));
}

function fittingTools(prompt: Prompt): Tool[] {
  const asked = lastUserText(prompt);
  const words = new Set(asked.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const fits = (tool: Tool): boolean =>
    asked.includes(tool.name) || nameParts(tool.name).some((part) => words.has(part));
  const named = prompt.tools.filter(fits);
  return named.length === 0 && ASKS_FOR_ANY_TOOL.test(asked) ? prompt.tools.slice(0, 1) : named;
}

/** `getCurrentWeather` and `get_current_weather` both give `weather`. */
function nameParts(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part.length >= 3 && !GENERIC.has(part));
}
