import type { ToolCall } from '../answer/answer.js';
import { embedText, writeJson } from '../answer/large-json.js';
import { BY_WORDS, pieces } from '../answer/pieces.js';
import type { TextSource } from '../answer/text-source.js';
import type { Frame } from '../endpoint.js';
import type { Reply } from '../surface.js';
import { CHARACTERS_PER_TOKEN } from '../tokens.js';
import { outputItems } from './response-body.js';
import {
  contentPart,
  endingOf,
  messageItem,
  reasoningItem,
  responseLogprobs,
  responseObject,
  responseUsage,
  toolItem,
  wantsLogprobs,
  wantsSummary,
} from './response-shape.js';

/** Numbers the events of one stream. */
interface Sequence {
  next: number;
}

/** The events of a response, from `response.created` to its end. */
export function* responseFrames(reply: Reply): Generator<Frame, void, undefined> {
  const [answer] = reply.answers;
  const sequence: Sequence = { next: 0 };
  const started = responseObject(reply, 'in_progress', [], null);
  yield event(sequence, 'response.created', { response: started });
  yield event(sequence, 'response.in_progress', { response: started });
  if (reply.fault.emptyChoices !== true) {
    let index = 0;
    if (answer.reasoning !== '') {
      yield* reasoningFrames(reply, sequence, index);
      index += 1;
    }
    if (answer.text.length > 0) {
      yield* messageFrames(reply, sequence, index);
      index += 1;
    }
    for (const [position, call] of answer.toolCalls.entries()) {
      yield* toolFrames(reply, sequence, index, call, position);
      index += 1;
    }
  }
  if (reply.fault.noTerminal === true) return;
  const { status, event: name } = endingOf(reply);
  const response = responseObject(reply, status, outputItems(reply), responseUsage(reply));
  yield event(sequence, name, { response }, answer.text);
}

function* reasoningFrames(
  reply: Reply,
  sequence: Sequence,
  outputIndex: number,
): Generator<Frame, void, undefined> {
  const [{ reasoning }] = reply.answers;
  const item = reasoningItem(reply, undefined);
  const place = { item_id: item.id, output_index: outputIndex, summary_index: 0 };
  yield event(sequence, 'response.output_item.added', { output_index: outputIndex, item });
  if (!wantsSummary(reply)) {
    reply.meter.add(0, reasoning.length);
    yield event(sequence, 'response.output_item.done', { output_index: outputIndex, item });
    return;
  }
  yield event(sequence, 'response.reasoning_summary_part.added', {
    ...place,
    part: { type: 'summary_text', text: '' },
  });
  for (const piece of pieces(reasoning, BY_WORDS)) {
    reply.meter.add(0, piece.length);
    yield event(sequence, 'response.reasoning_summary_text.delta', { ...place, delta: piece });
  }
  yield event(sequence, 'response.reasoning_summary_text.done', { ...place, text: reasoning });
  yield event(sequence, 'response.reasoning_summary_part.done', {
    ...place,
    part: { type: 'summary_text', text: reasoning },
  });
  yield event(sequence, 'response.output_item.done', {
    output_index: outputIndex,
    item: reasoningItem(reply, reasoning),
  });
}

function* messageFrames(
  reply: Reply,
  sequence: Sequence,
  outputIndex: number,
): Generator<Frame, void, undefined> {
  const [answer] = reply.answers;
  const opened = messageItem(reply, 'in_progress', []);
  const id = String(opened.id);
  const place = { item_id: id, output_index: outputIndex, content_index: 0 };
  const kind = answer.finish === 'refusal' ? 'refusal' : 'output_text';
  yield event(sequence, 'response.output_item.added', { output_index: outputIndex, item: opened });
  yield event(sequence, 'response.content_part.added', { ...place, part: contentPart(reply, '') });
  const head = `event: response.${kind}.delta\ndata: {"type":"response.${kind}.delta","item_id":${JSON.stringify(id)},"output_index":${outputIndex},"content_index":0,"sequence_number":`;
  const division = wantsLogprobs(reply)
    ? ({ by: 'size', size: CHARACTERS_PER_TOKEN } as const)
    : answer.division;
  let token = 0;
  for (const piece of pieces(answer.text, division)) {
    reply.meter.add(1, piece.length);
    const tokens = responseLogprobs(reply, piece, token);
    const logprobs = kind === 'refusal' ? '' : `,"logprobs":${JSON.stringify(tokens)}`;
    token += tokens.length;
    // Written by hand, because there is one for every piece.
    yield `${head}${sequence.next},"delta":${JSON.stringify(piece)}${logprobs}}\n\n`;
    sequence.next += 1;
  }
  const text = embedText(answer.text);
  const part = contentPart(reply, text);
  const done = kind === 'refusal' ? { refusal: text } : { text, logprobs: part.logprobs };
  yield event(sequence, `response.${kind}.done`, { ...place, ...done }, answer.text);
  yield event(sequence, 'response.content_part.done', { ...place, part }, answer.text);
  const status =
    answer.finish === 'length' || answer.finish === 'content_filter' ? 'incomplete' : 'completed';
  yield event(
    sequence,
    'response.output_item.done',
    { output_index: outputIndex, item: messageItem(reply, status, [part]) },
    answer.text,
  );
}

function* toolFrames(
  reply: Reply,
  sequence: Sequence,
  outputIndex: number,
  call: ToolCall,
  index: number,
): Generator<Frame, void, undefined> {
  const opened = toolItem(reply, call, index, 'in_progress', '');
  const place = { item_id: opened.id, output_index: outputIndex };
  const [name, field] =
    call.kind === 'function' ? ['function_call_arguments', 'arguments'] : ['custom_tool_call_input', 'input'];
  yield event(sequence, 'response.output_item.added', { output_index: outputIndex, item: opened });
  for (const piece of pieces(call.arguments, BY_WORDS)) {
    reply.meter.add(2 + index, piece.length);
    yield event(sequence, `response.${name}.delta`, { ...place, delta: piece });
  }
  yield event(sequence, `response.${name}.done`, { ...place, [field]: call.arguments });
  const item = toolItem(
    reply,
    call,
    index,
    reply.answers[0].finish === 'length' ? 'incomplete' : 'completed',
    call.arguments,
  );
  yield event(sequence, 'response.output_item.done', { output_index: outputIndex, item });
}

/** One event. If `source` is lazy, its marks are filled in while the event is sent. */
function event(
  sequence: Sequence,
  type: string,
  fields: Readonly<Record<string, unknown>>,
  source: TextSource = '',
): Frame {
  const data = { type, sequence_number: sequence.next, ...fields };
  sequence.next += 1;
  if (typeof source === 'string') return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  return framed(type, writeJson(data, source));
}

function* framed(type: string, json: Iterable<string>): Generator<string, void, undefined> {
  yield `event: ${type}\ndata: `;
  yield* json;
  yield '\n\n';
}
