import { describe, expect, it } from 'vitest';
import { leastInput } from '../../src/keys/least-input.js';

/** For a body of as many bytes as its JSON. */
function leastOf(body: Readonly<Record<string, unknown>>): number {
  return leastInput(body, JSON.stringify(body).length);
}

const encoded = 'A'.repeat(40_000);

describe('the least that a request takes as input', () => {
  it('is a token for four bytes', () => {
    expect(leastInput({}, 402)).toBe(100);
    expect(leastOf({ messages: [{ role: 'user', content: encoded }] })).toBeGreaterThan(10_000);
  });

  it.each([
    ['chat', { messages: [{ content: [{ image_url: { url: `data:image/png;base64,${encoded}` } }] }] }],
    ['chat', { messages: [{ content: [{ input_audio: { data: encoded, format: 'wav' } }] }] }],
    [
      'chat',
      { messages: [{ content: [{ file: { file_data: `data:application/pdf;base64,${encoded}` } }] }] },
    ],
    ['responses', { input: [{ content: [{ image_url: `data:image/png;base64,${encoded}` }] }] }],
    ['messages', { messages: [{ content: [{ source: { type: 'base64', data: encoded } }] }] }],
  ])('leaves out attachments, which take far less than their bytes (%s)', (_surface, body) => {
    expect(leastOf(body)).toBeLessThan(50);
  });

  it.each([
    { messages: [{ content: [{ source: { type: 'text', data: encoded } }] }] },
    { messages: [{ content: [{ type: 'tool_use', input: { type: 'base64', data: encoded } }] }] },
    { messages: [{ content: `data:image/png;base64,${encoded}` }] },
    { input: [{ content: [{ file_data: `data:text/plain;base64,${encoded}` }] }] },
  ])('counts text that looks like an attachment', (body) => {
    expect(leastOf(body)).toBeGreaterThan(10_000);
  });

  it('bears a body that is nested as deep as can be', () => {
    let deep: unknown = [];
    for (let level = 0; level < 200_000; level++) deep = [deep];
    expect(leastInput({ messages: deep }, 8)).toBe(2);
  });
});
