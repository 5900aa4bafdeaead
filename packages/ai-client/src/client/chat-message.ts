import type { JsonObject } from '../json.js';
import type { Message, MessagePart, Prompt, ToolCall } from './message.js';

export function toMessages(prompt: Prompt): readonly Message[] {
  return typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
}

/** Whether a message has no content at all. */
export function isBlank(message: Message): boolean {
  if (message.role === 'assistant' && (message.toolCalls?.length ?? 0) > 0) return false;
  if (typeof message.content === 'string') return message.content.trim() === '';
  return message.content.every((part) => part.type === 'text' && part.text.trim() === '');
}

/** Converts a message to the wire format of chat completions. */
export function chatMessage(message: Message): JsonObject {
  const { role } = message;
  switch (role) {
    case 'system':
      return { role, content: message.content };
    case 'user': {
      const { content } = message;
      return { role, content: typeof content === 'string' ? content : content.map(chatPart) };
    }
    case 'assistant': {
      const { content, toolCalls = [] } = message;
      if (toolCalls.length === 0) return { role, content };
      return { role, content: content === '' ? null : content, tool_calls: toolCalls.map(chatToolCall) };
    }
    case 'tool':
      return { role, tool_call_id: message.toolCallId, content: message.content };
  }
}

function chatPart(part: MessagePart): JsonObject {
  return part.type === 'text'
    ? { type: 'text', text: part.text }
    : { type: 'image_url', image_url: { url: part.url } };
}

function chatToolCall({ id, name, arguments: values, argumentsText, extra }: ToolCall): JsonObject {
  return {
    ...(extra as JsonObject | undefined),
    id,
    type: 'function',
    function: { name, arguments: argumentsText ?? JSON.stringify(values ?? {}) },
  };
}
