import { describe, expect, it } from 'vitest';
import { answerText } from '../../../src/views/cache/answer-text.js';

function stream(...events: readonly object[]): string {
  return events.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

describe('the words of a stored answer', () => {
  it('are those of chat completions', () => {
    const body = { choices: [{ message: { content: 'High' } }, { message: { content: 'Low' } }] };
    expect(answerText(JSON.stringify(body), 'body')).toBe('High\n\nLow');
    const events = stream(
      { choices: [{ delta: { role: 'assistant' } }] },
      { choices: [{ delta: { content: 'Hi' } }] },
      { choices: [{ delta: { content: 'gh' } }] },
      { choices: [], usage: {} },
    );
    expect(answerText(`${events}data: [DONE]\n\n`, 'stream')).toBe('High');
  });

  it('are those of messages', () => {
    const body = { content: [{ type: 'text', text: 'High' }, { type: 'tool_use' }] };
    expect(answerText(JSON.stringify(body), 'body')).toBe('High');
    const events = stream(
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'gh' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    );
    expect(answerText(events, 'stream')).toBe('High');
  });

  it('are those of responses, each once', () => {
    const body = { output: [{ type: 'reasoning' }, { content: [{ type: 'output_text', text: 'High' }] }] };
    expect(answerText(JSON.stringify(body), 'body')).toBe('High');
    const events = stream(
      { type: 'response.output_text.delta', delta: 'High' },
      { type: 'response.function_call_arguments.delta', delta: '{' },
      { type: 'response.output_text.done', text: 'High' },
    );
    expect(answerText(events, 'stream')).toBe('High');
  });

  it('are not there in an answer that has none, or is no JSON', () => {
    expect(answerText('{"data": [{"embedding": [0.1]}]}', 'body')).toBeNull();
    expect(answerText('{"choices": [{"message": {"tool_calls": []}}]}', 'body')).toBeNull();
    expect(answerText('<html>', 'body')).toBeNull();
    expect(answerText('', 'stream')).toBeNull();
  });
});
