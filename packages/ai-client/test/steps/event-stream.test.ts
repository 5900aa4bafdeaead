import { describe, expect, it } from 'vitest';
import { body, events, given } from '../support/odd-provider.js';

describe('a stream that is not called one', () => {
  it.each([
    ['text/plain', events],
    ['application/octet-stream', `: hello\n\n${events}`],
    ['application/json', `\uFEFF${events.replaceAll('data: ', 'data:')}`],
    [null, `\r\nevent: x\r\n${events.replaceAll('\n', '\r\n')}`],
  ])('is one all the same: %j', async (type, bytes) => {
    const [{ head, text, error }, again] = await given({ type, bytes }, { stream: true });
    expect(error).toBeUndefined();
    expect(head).toMatchObject({ streamed: true, headers: { 'content-type': 'text/event-stream' } });
    expect(`${bytes.startsWith('\uFEFF') ? '\uFEFF' : ''}${text}`).toBe(bytes);
    expect(JSON.parse(again.text).choices[0].message.content).toBe('High');
  });

  it('is a body when it is one', async () => {
    const [{ head, text }] = await given({ type: 'text/plain', bytes: body }, { stream: true });
    expect(head).toMatchObject({
      streamed: true,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    });
    expect(text).toContain('"content":"High"');
  });
});
