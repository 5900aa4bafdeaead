import { embedText, metered, writeJson } from '../answer/large-json.js';
import { isObject } from '../json.js';
import type { Reply } from '../surface.js';
import { messageUsage, signatureOf, stopFields, toolUseId } from './message-shape.js';

/** A `message` object as JSON. */
export function messageBody(reply: Reply): Iterable<string> {
  const { prompt, fault, answers, meter } = reply;
  const [answer] = answers;
  const content: Record<string, unknown>[] = [];
  if (answer.reasoning !== '')
    content.push({ type: 'thinking', thinking: answer.reasoning, signature: signatureOf(answer.reasoning) });
  if (answer.text.length > 0) content.push({ type: 'text', text: embedText(answer.text) });
  for (const [index, call] of answer.toolCalls.entries())
    content.push({
      type: 'tool_use',
      id: toolUseId(reply, index),
      name: call.name,
      input: parseInput(call.arguments),
    });
  const message = {
    id: `msg_${reply.id}`,
    type: 'message',
    role: 'assistant',
    model: prompt.model,
    content: fault.emptyChoices === true ? [] : content,
    ...stopFields(answer, fault),
    ...(fault.noUsage === true ? {} : { usage: messageUsage(reply, answer.outputTokens) }),
  };
  const sources = [answer.reasoning, answer.text, ...answer.toolCalls.map((call) => call.arguments)];
  return metered(writeJson(message, answer.text), meter, sources);
}

/** Arguments cut short by `max_tokens` are not JSON; a message can only show them as empty. */
function parseInput(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
