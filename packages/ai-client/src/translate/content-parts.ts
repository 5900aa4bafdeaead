import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { fileBlock, imageBlock } from './attachment.js';
import { type Draft, noteForeign, refusal } from './draft.js';

/** Converts the content of a message to blocks: a string, a list of parts, or nothing. */
export function contentBlocks(content: JsonValue | undefined, path: string, draft: Draft): JsonObject[] {
  if (content === undefined || content === null) return [];
  const parts: JsonValue = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  if (!Array.isArray(parts)) {
    throw refusal(path, 'it is neither a string nor a list of parts', 'Send a string.');
  }
  return parts.flatMap((part, index): JsonObject[] => {
    const block = partBlock(part, `${path}[${index}]`, draft);
    return block === undefined ? [] : [block];
  });
}

function partBlock(part: JsonValue, path: string, draft: Draft): JsonObject | undefined {
  if (!isJsonObject(part)) throw refusal(path, 'it is not an object', 'Send {"type": "text", "text": …}.');
  const block = translatePart(part, path, draft);
  if (block === undefined || block === part) return block;
  return withCacheMark({ ...block, ...ownFields(block, part, draft) }, part, draft);
}

function translatePart(part: JsonObject, path: string, draft: Draft): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return textBlock(part.text, path, draft);
    case 'refusal':
      return textBlock(part.refusal, path, draft);
    case 'image_url':
      return imageBlock(part, path, draft);
    case 'file':
      return fileBlock(part, path, draft);
    case 'input_audio':
      throw refusal(path, 'it hears no audio', 'Send a transcript as text, or ask a model that hears.');
    case 'thinking':
      // Without a signature, it comes from another model, such as Mistral's.
      if (typeof part.signature === 'string') return part;
      draft.notes.add(
        'messages[].content[].thinking',
        'omitted',
        'thinking without a signature is not taken back',
      );
      return undefined;
    default:
      // A block that only Anthropic has, such as search_result. Anthropic rejects what it does not know.
      return part;
  }
}

/** Text as a block, or nothing: Anthropic answers 400 to text without a visible character. */
export function textBlock(text: JsonValue | undefined, path: string, draft: Draft): JsonObject | undefined {
  if (typeof text !== 'string') throw refusal(path, 'its text is not a string', 'Send a string.');
  if (text.trim() !== '') return { type: 'text', text };
  if (text !== '') draft.notes.add('messages[].content', 'omitted', 'text that is nothing but white space');
  return undefined;
}

/** Fields of a part that its translation reads. */
const readFields = [
  'type',
  'text',
  'refusal',
  'image_url',
  'file',
  'cache_control',
  'prompt_cache_breakpoint',
];

/** Optional fields that Anthropic's blocks have besides the mark for its prompt cache. */
const fieldsOfBlocks: Readonly<Record<string, readonly string[]>> = {
  text: ['citations'],
  document: ['citations', 'context'],
};

/** Anthropic's own fields of a part, which its block takes unchanged. */
function ownFields({ type }: JsonObject, part: JsonObject, draft: Draft): JsonObject {
  const names = fieldsOfBlocks[String(type)] ?? [];
  noteForeign(part, [...readFields, ...names], 'messages[].content[]', draft);
  const given = names.filter((name) => part[name] !== undefined && part[name] !== null);
  return Object.fromEntries(given.map((name) => [name, part[name]]));
}

/** Sets a mark for the provider's prompt cache: Anthropic's own unchanged, OpenAI's as the nearest equivalent. */
function withCacheMark(block: JsonObject, part: JsonObject, draft: Draft): JsonObject {
  if (part.cache_control !== undefined) return { ...block, cache_control: part.cache_control };
  const mark = part.prompt_cache_breakpoint;
  if (!isJsonObject(mark)) return block;
  if (mark.ttl === undefined) return { ...block, cache_control: { type: 'ephemeral' } };
  draft.notes.add(
    'messages[].content[].prompt_cache_breakpoint.ttl',
    'changed',
    'prompts are kept for five minutes or for one hour',
  );
  return { ...block, cache_control: { type: 'ephemeral', ttl: '1h' } };
}
