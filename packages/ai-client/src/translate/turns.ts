import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { assistantBlocks } from './assistant-turn.js';
import { contentBlocks } from './content-parts.js';
import { type Draft, refusal } from './draft.js';
import { toolResultBlock } from './tool-calls.js';

interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  /** Tool results, which must come first. */
  readonly results: JsonObject[];
  readonly blocks: JsonObject[];
}

/** Fields of a message that its translation reads, or that only an answer has. */
const readFields: ReadonlySet<string> = new Set([
  'role',
  'content',
  'name',
  'cache_control',
  'tool_calls',
  'tool_call_id',
  'function_call',
  'audio',
  'refusal',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'thinking_blocks',
  'content_details',
  'annotations',
]);

/**
 * Translates `messages` to a system prompt and alternating turns: consecutive messages of one role are merged, and tool results come first
 * in the turn that answers their calls.
 */
export function translateMessages(value: JsonValue, draft: Draft): void {
  const messages = Array.isArray(value) ? value : [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isJsonObject(message)) {
      throw refusal(`messages[${index}]`, 'it is not an object', 'Send {"role", "content"}.');
    }
    addMessage(turns, message, index, messages, draft);
  }
  if (!turns.some(({ role }) => role !== 'system')) {
    throw refusal(
      'messages',
      'nothing is left to answer: a model wants a turn of the user, not only a system prompt',
      'Add a message of the role "user" with some text.',
    );
  }
  if (turns.at(-1)?.role === 'assistant') {
    draft.notes.add('messages', 'changed', "the last message is the model's: it continues it, where it can");
  }
  draft.body.messages = turns.map(({ role, results, blocks }) => ({
    role,
    content: [...results, ...blocks],
  }));
}

function addMessage(
  turns: Turn[],
  message: JsonObject,
  index: number,
  messages: readonly JsonValue[],
  draft: Draft,
): void {
  const path = `messages[${index}]`;
  noteFields(message, draft);
  switch (message.role) {
    case 'system':
    case 'developer': {
      const blocks = marked(contentBlocks(message.content, `${path}.content`, draft), message);
      addSystem(turns, blocks, startsAnswer(messages, index + 1), draft);
      break;
    }
    case 'user':
      addBlocks(turns, 'user', marked(contentBlocks(message.content, `${path}.content`, draft), message));
      break;
    case 'assistant':
      addBlocks(turns, 'assistant', marked(assistantBlocks(message, path, draft), message));
      break;
    case 'tool':
      turnOf(turns, 'user').results.push(toolResultBlock(message, path, draft));
      break;
    default:
      throw refusal(
        `${path}.role`,
        `${JSON.stringify(message.role)} has no counterpart`,
        'Use "system", "developer", "user", "assistant" or "tool".',
      );
  }
}

/** Adds a system message as a turn of its own if the model accepts it there; otherwise moves it to the system prompt. */
function addSystem(turns: Turn[], blocks: JsonObject[], beforeAnswer: boolean, draft: Draft): void {
  if (blocks.length === 0) return;
  const last = turns.at(-1)?.role;
  if (last === undefined) {
    draft.system.push(...blocks);
    return;
  }
  if (draft.family.takesSystemTurns && beforeAnswer && last !== 'assistant') {
    addBlocks(turns, 'system', blocks);
    return;
  }
  draft.system.push(...blocks);
  draft.notes.add(
    'messages[].role',
    'changed',
    'a system message between the turns was moved to the system prompt',
  );
}

/** Whether only system messages follow before the model's turn: nowhere else is a system turn allowed. */
function startsAnswer(messages: readonly JsonValue[], from: number): boolean {
  for (const message of messages.slice(from)) {
    const role = isJsonObject(message) ? message.role : undefined;
    if (role !== 'system' && role !== 'developer') return role === 'assistant';
  }
  return true;
}

function addBlocks(turns: Turn[], role: Turn['role'], blocks: readonly JsonObject[]): void {
  // An empty message makes no turn: Anthropic rejects turns without content.
  if (blocks.length > 0) turnOf(turns, role).blocks.push(...blocks);
}

function turnOf(turns: Turn[], role: Turn['role']): Turn {
  const last = turns.at(-1);
  if (last?.role === role) return last;
  const turn: Turn = { role, results: [], blocks: [] };
  turns.push(turn);
  return turn;
}

/** A message's own `cache_control` marks its last block. */
function marked(blocks: JsonObject[], { cache_control }: JsonObject): JsonObject[] {
  const last = blocks.at(-1);
  if (cache_control === undefined || last === undefined) return blocks;
  return [...blocks.slice(0, -1), { ...last, cache_control }];
}

function noteFields(message: JsonObject, { notes }: Draft): void {
  for (const [name, value] of Object.entries(message)) {
    if (value === undefined || value === null) continue;
    if (name === 'name') notes.add('messages[].name', 'omitted', 'speakers have no names');
    else if (message.role !== 'tool' && !readFields.has(name)) {
      notes.add(`messages[].${name}`, 'omitted', 'no field of a message has this name');
    }
  }
}
