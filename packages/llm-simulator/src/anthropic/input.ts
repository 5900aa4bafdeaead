import { createInputCounter, readContent, toolsText } from '../answer/content.js';
import type { InputUsage, Turn } from '../answer/prompt.js';
import type { PromptCache } from '../answer/prompt-cache.js';
import { asList, asString, isObject, type JsonObject } from '../json.js';

/** The messages of a request as turns, and what they cost. */
export interface MessagesInput {
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tokens: number;
}

/** Reads `system`, `messages` and `tools`; tool results become turns of their own. */
export function readMessagesInput(body: JsonObject): MessagesInput {
  const counter = createInputCounter();
  const turns: Turn[] = [];
  const system = readContent(body.system).text;
  counter.text(system);
  counter.text(toolsText(body.tools));
  for (const message of asList(body.messages)) {
    if (!isObject(message)) continue;
    const blocks = message.content;
    const results = asList(blocks).filter((block) => isObject(block) && block.type === 'tool_result');
    const calls = asList(blocks).filter((block) => isObject(block) && block.type === 'tool_use');
    const rest = Array.isArray(blocks)
      ? blocks.filter((block: unknown) => !results.includes(block) && !calls.includes(block))
      : blocks;
    const content = readContent(rest);
    counter.message(content);
    for (const call of calls) counter.text(JSON.stringify(isObject(call) ? call.input : ''));
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    if (content.text !== '' || results.length === 0) turns.push({ role, text: content.text });
    for (const result of results) {
      const text = isObject(result) ? readContent(result.content).text : '';
      counter.text(text);
      turns.push({ role: 'tool', text });
    }
  }
  return { system, turns, tokens: counter.tokens() };
}

/** Input usage under Anthropic's explicit prompt cache, from the `cache_control` marks and what is already cached. */
export function markedUsage(
  body: JsonObject,
  model: string,
  total: number,
  cached: number | undefined,
  cache: PromptCache,
): InputUsage {
  if (cached !== undefined) return { total, cacheRead: Math.min(cached, total), cacheWrite: 0 };
  const prefixes = markedPrefixes(body);
  if (prefixes.length === 0) return { total, cacheRead: 0, cacheWrite: 0 };
  const { read, written } = cache.readMarked(model, prefixes);
  const cacheRead = Math.min(read, total);
  return { total, cacheRead, cacheWrite: Math.min(written, total - cacheRead) };
}

/** The prompt up to each cache mark, in the order in which Anthropic reads it: tools, system, messages. */
function markedPrefixes(body: JsonObject): string[] {
  const prefixes: string[] = [];
  let prefix = '';
  const walk = (blocks: unknown): void => {
    if (typeof blocks === 'string') prefix += blocks;
    for (const block of asList(blocks)) {
      if (!isObject(block)) continue;
      prefix += asString(block.text) ?? JSON.stringify({ ...block, cache_control: undefined });
      if (isObject(block.cache_control)) prefixes.push(prefix);
    }
  };
  walk(body.tools);
  walk(body.system);
  for (const message of asList(body.messages)) if (isObject(message)) walk(message.content);
  if (isObject(body.cache_control) && prefixes.at(-1) !== prefix) prefixes.push(prefix);
  return prefixes;
}
