import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RepeatedEvent } from '../../src/surfaces/repeated-event.js';

const text = fc.string({ unit: fc.constantFrom(...'ab "\\\n{}:,é😀', 'content', '\u007f', '\ud800') });

function event(content: string, rest: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: 'c1',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    ...rest,
  });
}

describe('RepeatedEvent', () => {
  it('reads the one string in which an event differs, whatever is in it', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        expect(RepeatedEvent.of(event(first), 'content', first)?.read(event(second))).toBe(second);
      }),
    );
  });

  it('reads nothing that is another event, or no JSON', () => {
    const form = RepeatedEvent.of(event('first'), 'content', 'first');
    for (const other of [
      event('x', { id: 'c2' }),
      event('x', { usage: {} }),
      '[DONE]',
      '',
      event('x').replace('"x"', '"x'),
      event('x').replace('"x"', '"x" "y"'),
      event('x').replace('"x"', '"x","error":"y"'),
      event('x').replace('"x"', '"\\"'),
      event('x').replace('"x"', '"\\u12"'),
      event('x').replace('"x"', '"a\nb"'),
    ]) {
      expect(form?.read(other), other).toBeUndefined();
    }
  });

  it('knows spaces behind the colon, as Python writes them', () => {
    const form = RepeatedEvent.of('{"delta": {"content": "one"}}', 'content', 'one');
    expect(form?.read('{"delta": {"content": "two"}}')).toBe('two');
  });

  it('reads an event out of a longer text', () => {
    const form = RepeatedEvent.of(`data: ${event('one')}\n\n`, 'content', 'one');
    const stream = `data: ${event('one')}\n\ndata: ${event('two')}\n\ndata: [DONE]\n\n`;
    const start = stream.indexOf('\n\n') + 2;
    const end = stream.indexOf('\n\n', start) + 2;
    expect(form?.read(stream, start, end)).toBe('two');
    expect(form?.read(stream, start, end - 1)).toBeUndefined();
    expect(form?.read(stream, start - 1, end)).toBeUndefined();
    expect(form?.read(stream, end)).toBeUndefined();
  });

  it('has no form for an event with two such members', () => {
    expect(RepeatedEvent.of('{"content":"a","x":{"content":"a"}}', 'content', 'a')).toBeUndefined();
  });
});
