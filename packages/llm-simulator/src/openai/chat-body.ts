import type { Answer } from '../answer/answer.js';
import { embedText, metered, writeJson } from '../answer/large-json.js';
import type { Reply } from '../surface.js';
import { finishReason, SYSTEM_FINGERPRINT, toolCallId, wantedLogprobs } from './chat-shape.js';
import { logprobsOf } from './logprobs.js';
import { chatUsage } from './usage.js';

/** A `chat.completion` object as JSON. */
export function chatBody(reply: Reply): Iterable<string> {
  const { prompt, answers, fault } = reply;
  const [first] = answers;
  const completion = {
    id: `chatcmpl-${reply.id}`,
    object: 'chat.completion',
    created: reply.createdAt,
    model: prompt.model,
    choices: fault.emptyChoices === true ? [] : answers.map((answer, index) => choice(reply, answer, index)),
    ...(fault.noUsage === true ? {} : { usage: chatUsage(reply) }),
    service_tier: 'default',
    system_fingerprint: SYSTEM_FINGERPRINT,
  };
  // All choices of prescribed length are the same text, so one source serves them all.
  const sources = answers.flatMap((answer) => [
    answer.reasoning,
    answer.text,
    ...answer.toolCalls.map((call) => call.arguments),
  ]);
  return metered(writeJson(completion, first.text), reply.meter, sources);
}

function choice(reply: Reply, answer: Answer, index: number): Record<string, unknown> {
  const top = wantedLogprobs(reply);
  const refused = answer.finish === 'refusal';
  const text = answer.toolCalls.length > 0 ? null : embedText(answer.text);
  const logprobs =
    top === undefined || typeof answer.text !== 'string'
      ? null
      : logprobsOf(answer.text, reply.prompt.seed + index, top, 0);
  const message: Record<string, unknown> = {
    role: 'assistant',
    content: refused ? null : text,
    refusal: refused ? text : null,
  };
  if (answer.reasoning !== '') message.reasoning_content = answer.reasoning;
  if (answer.toolCalls.length > 0)
    message.tool_calls = answer.toolCalls.map((call, position) => ({
      id: toolCallId(reply, index, position),
      ...(call.kind === 'function'
        ? { type: 'function', function: { name: call.name, arguments: call.arguments } }
        : { type: 'custom', custom: { name: call.name, input: call.arguments } }),
    }));
  else message.annotations = [];
  return {
    index,
    message,
    logprobs:
      logprobs === null ? null : { content: refused ? null : logprobs, refusal: refused ? logprobs : null },
    finish_reason: finishReason(answer, reply.fault),
  };
}
