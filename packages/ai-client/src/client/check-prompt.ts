import { show } from '../check.js';
import type { AssistantMessage, Message, MessagePart, Prompt, ToolCall } from './message.js';

const roles: Record<Message['role'], true> = { system: true, user: true, assistant: true, tool: true };

/** Throws a `TypeError` that names the first invalid message: unknown parts would be lost silently. */
export function checkPrompt(prompt: Prompt): void {
  if (typeof prompt === 'string') return;
  if (!Array.isArray(prompt))
    throw new TypeError(`prompt must be a string or an array of messages, got ${show(prompt)}`);
  prompt.forEach(checkMessage);
}

function checkMessage(message: Message, index: number): void {
  const { role, content } = (message ?? {}) as Partial<Message>;
  const where = `prompt[${index}]`;
  if (role === undefined || !Object.hasOwn(roles, role))
    throw new TypeError(`${where}.role must be one of ${Object.keys(roles).join(', ')}, got ${show(role)}`);
  if (message.role === 'assistant') checkCalls(message, where);
  if (message.role === 'tool' && typeof message.toolCallId !== 'string')
    throw new TypeError(`${where}.toolCallId must be a string, got ${show(message.toolCallId)}`);
  if (typeof content === 'string') return;
  if (role !== 'user' || !Array.isArray(content))
    throw new TypeError(
      `${where}.content must be a string${role === 'user' ? ' or an array of parts' : ''}, got ${show(content)}`,
    );
  for (const [place, part] of content.entries()) checkPart(part, `${where}.content[${place}]`);
}

/** `tool_calls`, as OpenAI spells it, would be lost, and the tool results that answer the calls then rejected. */
function checkCalls(message: AssistantMessage, where: string): void {
  if ('tool_calls' in message)
    throw new TypeError(
      `${where}.tool_calls is not known here: calls are in toolCalls, as { id, name, arguments }`,
    );
  const { toolCalls } = message;
  if (toolCalls === undefined) return;
  if (!Array.isArray(toolCalls))
    throw new TypeError(`${where}.toolCalls must be an array, got ${show(toolCalls)}`);
  for (const [place, call] of (toolCalls as readonly (Partial<ToolCall> | null)[]).entries())
    if (typeof call?.id !== 'string' || typeof call.name !== 'string')
      throw new TypeError(`${where}.toolCalls[${place}] must have an id and a name, got ${show(call)}`);
}

function checkPart(part: MessagePart, where: string): void {
  const { type } = (part ?? {}) as Partial<MessagePart>;
  if (type !== 'text' && type !== 'image')
    throw new TypeError(`${where}.type must be text or image, got ${show(type)}`);
  const said: unknown = part.type === 'text' ? part.text : part.url;
  if (typeof said !== 'string')
    throw new TypeError(`${where}.${type === 'text' ? 'text' : 'url'} must be a string, got ${show(said)}`);
}
