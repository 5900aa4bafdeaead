import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldChat } from '../../src/surfaces/chat-fold.js';
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

  it('has no form for an event with two such members', () => {
    expect(RepeatedEvent.of('{"content":"a","x":{"content":"a"}}', 'content', 'a')).toBeUndefined();
  });

  it('folds a stream to the same body as parsing each event does', () => {
    const chunk = fc.record({
      index: fc.nat(2),
      content: text,
      role: fc.option(fc.constant('assistant'), { nil: undefined }),
      logprobs: fc.option(fc.constant({ content: [{ token: 't' }] }), { nil: null }),
      end: fc.option(fc.constantFrom('stop', 'length'), { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 30 }), (chunks) => {
        /** `salt` makes each event differ from the one before it in a second place, so that each is parsed. */
        const fold = (salt: (position: number) => Record<string, unknown>): unknown =>
          foldChat(
            chunks.map(({ index, content, role, logprobs, end }, position) => ({
              event: 'message',
              data: JSON.stringify({
                id: 'c1',
                choices: [{ index, delta: { role, content }, logprobs, finish_reason: end }],
                ...salt(position),
              }),
              start: 0,
              end: 0,
            })),
          );
        expect(fold(() => ({}))).toEqual(fold((position) => ({ obfuscation: String(position) })));
      }),
    );
  });
});
