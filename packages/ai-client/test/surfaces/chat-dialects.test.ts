import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, jsonObjects } from '../../src/json.js';
import { readEvents, writeData } from '../../src/sse/events.js';
import { chatSurface } from '../../src/surfaces/chat.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';

/** The message that a stream of these deltas makes, and its choice. */
function made(...deltas: readonly object[]): { readonly message: JsonObject; readonly choice: JsonObject } {
  const choices = deltas.map((delta) => ({ index: 0, finish_reason: null, delta }));
  return madeOf(...choices, { index: 0, delta: {}, finish_reason: 'stop' });
}

function madeOf(...choices: readonly object[]): ReturnType<typeof made> {
  const chunks = choices.map((choice) => JSON.stringify({ id: 'c', choices: [choice] }));
  const bytes = Buffer.from([...chunks, '[DONE]'].map(writeData).join(''));
  const { body = {} } = foldEvents(chatSurface.createFolder(), readEvents(bytes));
  const [choice = {}] = jsonObjects(body.choices);
  return { message: isJsonObject(choice.message) ? choice.message : {}, choice };
}

describe('a stream in the words of', () => {
  it('Mistral, whose models think in parts of the content, keeps the thinking beside the text', () => {
    const thought = (text: string): object => ({
      content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }],
    });
    const { message } = made(
      { role: 'assistant', content: '' },
      thought('Low '),
      thought('tide'),
      { content: 'At' },
      { content: ' six.' },
    );
    expect(message).toEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Low tide' }] },
        { type: 'text', text: 'At six.' },
      ],
    });
    expect(chatSurface.expand({ choices: [{ index: 0, message, finish_reason: 'stop' }] })).toBeDefined();
  });

  it('OpenRouter, which repeats the format of a thought with each piece, names it once', () => {
    const format = 'anthropic-claude-v1';
    const piece = (fields: object): object => ({
      content: '',
      reasoning_details: [{ type: 'reasoning.text', index: 0, format, ...fields }],
    });
    const { message } = made(piece({ text: 'Low ' }), piece({ text: 'tide' }), piece({ signature: 's' }));
    expect(message.reasoning_details).toEqual([
      { type: 'reasoning.text', index: 0, format, text: 'Low tide', signature: 's' },
    ]);
  });

  it('Azure, which ends with an empty verdict of its filter, keeps the verdicts before it', () => {
    const verdict = { hate: { filtered: false, severity: 'safe' } };
    const { choice } = madeOf(
      { index: 0, delta: { content: 'Six.' }, content_filter_results: verdict },
      { index: 0, delta: {}, finish_reason: 'stop', content_filter_results: {} },
    );
    expect(choice).toMatchObject({ finish_reason: 'stop', content_filter_results: verdict });
  });

  it('a model that speaks: the pieces of its sound are one, each of them padded by itself', () => {
    const encoded = (text: string): string => Buffer.from(text).toString('base64');
    const { message } = made(
      { role: 'assistant', content: null, audio: { id: 'a', transcript: 'At ' } },
      { audio: { data: encoded('wave') } },
      { audio: { data: encoded('s at six') } },
      { audio: { transcript: 'six.', expires_at: 1 } },
    );
    expect(message.audio).toEqual({
      id: 'a',
      transcript: 'At six.',
      data: encoded('waves at six'),
      expires_at: 1,
    });
  });
});

describe('an answer in parts', () => {
  const answer = (...content: JsonObject[]): JsonObject => ({
    choices: [{ index: 0, message: { content }, finish_reason: 'stop' }],
  });
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Low tide' }] };

  it('is none where it is thinking alone', () => {
    expect(chatSurface.judge(answer(thinking), {})).toEqual({ complete: false, reason: 'an empty message' });
    expect(chatSurface.judge(answer({ type: 'text', text: '' }), {}).complete).toBe(false);
    expect(chatSurface.judge(answer(thinking, { type: 'text', text: 'Six.' }), {}).complete).toBe(true);
    expect(chatSurface.judge(answer({ type: 'image' }), {}).complete).toBe(true);
  });
});
