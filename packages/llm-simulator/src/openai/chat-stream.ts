import type { Answer } from '../answer/answer.js';
import { pieces } from '../answer/pieces.js';
import { isObject } from '../json.js';
import type { Reply } from '../surface.js';
import { CHARACTERS_PER_TOKEN } from '../tokens.js';
import { finishReason, SYSTEM_FINGERPRINT, toolCallId, wantedLogprobs } from './chat-shape.js';
import { logprobsOf } from './logprobs.js';
import { chatUsage } from './usage.js';

/** The `chat.completion.chunk` events of an answer, choices taking turns, ending in `[DONE]`. */
export function* chatFrames(reply: Reply): Generator<string, void, undefined> {
  const { fault, prompt } = reply;
  const options = reply.request.stream_options;
  const includeUsage = isObject(options) && options.include_usage === true;
  const common = {
    id: `chatcmpl-${reply.id}`,
    object: 'chat.completion.chunk',
    created: reply.createdAt,
    model: prompt.model,
    service_tier: 'default',
    system_fingerprint: SYSTEM_FINGERPRINT,
  };
  // Everything but the delta is the same in all chunks, so it is serialized once.
  const head = `data: ${JSON.stringify(common).slice(0, -1)},"choices":[`;
  const tail = includeUsage ? `],"usage":null}\n\n` : ']}\n\n';

  const running = reply.answers.map((answer, index) => choiceChunks(reply, answer, index));
  if (fault.emptyChoices === true) {
    running.length = 0;
    yield head + tail;
  }
  while (running.length > 0) {
    for (const chunks of [...running]) {
      const next = chunks.next();
      if (next.done === true) running.splice(running.indexOf(chunks), 1);
      else yield head + next.value + tail;
    }
  }
  if (includeUsage && fault.noUsage !== true)
    yield `data: ${JSON.stringify({ ...common, choices: [], usage: chatUsage(reply) })}\n\n`;
  if (fault.noTerminal !== true) yield 'data: [DONE]\n\n';
}

/** Each yields one element of `choices`, as JSON. */
function* choiceChunks(reply: Reply, answer: Answer, index: number): Generator<string, void, undefined> {
  const { meter } = reply;
  const opening = `{"index":${index},"delta":`;
  const closing = ',"logprobs":null,"finish_reason":null}';
  // Parts are numbered so that each text of each choice is rounded up to tokens on its own, as in usage.
  const firstPart = index * 1_024;
  const calls = answer.toolCalls.length > 0;
  yield `${opening}${calls ? '{"role":"assistant","content":null}' : '{"role":"assistant","content":"","refusal":null}'}${closing}`;

  for (const piece of pieces(answer.reasoning, { by: 'words' })) {
    meter.add(firstPart, piece.length);
    yield `${opening}{"reasoning_content":${JSON.stringify(piece)}}${closing}`;
  }

  const top = wantedLogprobs(reply);
  const field = answer.finish === 'refusal' ? 'refusal' : 'content';
  const division =
    top === undefined ? answer.division : ({ by: 'size', size: CHARACTERS_PER_TOKEN } as const);
  let token = 0;
  for (const piece of pieces(answer.text, division)) {
    meter.add(firstPart + 1, piece.length);
    const delta = `${opening}{"${field}":${JSON.stringify(piece)}}`;
    if (top === undefined) {
      yield delta + closing;
      continue;
    }
    const logprobs = logprobsOf(piece, reply.prompt.seed + index, top, token);
    token += logprobs.length;
    yield `${delta},"logprobs":${JSON.stringify({ content: null, refusal: null, [field]: logprobs })},"finish_reason":null}`;
  }

  for (const [position, call] of answer.toolCalls.entries()) {
    const key = call.kind === 'function' ? 'arguments' : 'input';
    const start = {
      index: position,
      id: toolCallId(reply, index, position),
      type: call.kind,
      [call.kind]: { name: call.name, [key]: '' },
    };
    yield `${opening}{"tool_calls":[${JSON.stringify(start)}]}${closing}`;
    for (const piece of pieces(call.arguments, { by: 'words' })) {
      meter.add(firstPart + 2 + position, piece.length);
      yield `${opening}{"tool_calls":[{"index":${position},"${call.kind}":{"${key}":${JSON.stringify(piece)}}}]}${closing}`;
    }
  }
  yield `${opening}{},"logprobs":null,"finish_reason":${JSON.stringify(finishReason(answer, reply.fault))}}`;
}
