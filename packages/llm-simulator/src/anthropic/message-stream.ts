import { BY_WORDS, pieces } from '../answer/pieces.js';
import type { Reply } from '../surface.js';
import { inputUsageFields, messageUsage, signatureOf, stopFields, toolUseId } from './message-shape.js';

const PING = event('ping', { type: 'ping' });

/** The events of a message, from `message_start` to `message_stop`. */
export function* messageFrames(reply: Reply): Generator<string, void, undefined> {
  const { prompt, fault, meter } = reply;
  const [answer] = reply.answers;
  yield event('message_start', {
    type: 'message_start',
    message: {
      id: `msg_${reply.id}`,
      type: 'message',
      role: 'assistant',
      model: prompt.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      ...(fault.noUsage === true ? {} : { usage: messageUsage(reply, 1) }),
    },
  });
  let index = 0;
  if (fault.emptyChoices !== true) {
    if (answer.reasoning !== '') {
      yield blockStart(index, { type: 'thinking', thinking: '', signature: '' });
      if (index === 0) yield PING;
      for (const piece of pieces(answer.reasoning, BY_WORDS)) {
        meter.add(0, piece.length);
        yield blockDelta(index, 'thinking_delta', 'thinking', piece);
      }
      yield blockDelta(index, 'signature_delta', 'signature', signatureOf(answer.reasoning));
      yield blockStop(index);
      index += 1;
    }
    if (answer.text.length > 0) {
      yield blockStart(index, { type: 'text', text: '' });
      if (index === 0) yield PING;
      for (const piece of pieces(answer.text, answer.division)) {
        meter.add(1, piece.length);
        yield blockDelta(index, 'text_delta', 'text', piece);
      }
      yield blockStop(index);
      index += 1;
    }
    for (const [position, call] of answer.toolCalls.entries()) {
      yield blockStart(index, {
        type: 'tool_use',
        id: toolUseId(reply, position),
        name: call.name,
        input: {},
      });
      if (index === 0) yield PING;
      yield blockDelta(index, 'input_json_delta', 'partial_json', '');
      for (const piece of pieces(call.arguments, BY_WORDS)) {
        meter.add(2 + position, piece.length);
        yield blockDelta(index, 'input_json_delta', 'partial_json', piece);
      }
      yield blockStop(index);
      index += 1;
    }
  }
  yield event('message_delta', {
    type: 'message_delta',
    delta: stopFields(answer, fault),
    ...(fault.noUsage === true
      ? {}
      : { usage: { ...inputUsageFields(reply), output_tokens: answer.outputTokens } }),
  });
  if (fault.noTerminal !== true) yield event('message_stop', { type: 'message_stop' });
}

function event(name: string, data: Readonly<Record<string, unknown>>): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function blockStart(index: number, block: Readonly<Record<string, unknown>>): string {
  return event('content_block_start', { type: 'content_block_start', index, content_block: block });
}

/** Written by hand, because there is one for every piece. */
function blockDelta(index: number, type: string, field: string, piece: string): string {
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"${type}","${field}":${JSON.stringify(piece)}}}\n\n`;
}

function blockStop(index: number): string {
  return event('content_block_stop', { type: 'content_block_stop', index });
}
