import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryCodec } from '../../src/index.js';
import { packEvents } from '../../src/packed/pack-events.js';
import { unpackEvents } from '../../src/packed/unpack-events.js';
import { ChatFolder } from '../../src/surfaces/chat-fold.js';
import { StreamReader } from '../../src/surfaces/stream-reader.js';

const chunk = (delta: unknown, more: Record<string, unknown> = {}): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_764_500_000,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, delta, finish_reason: null }],
    ...more,
  })}\n\n`;

const words = ['The', ' tide', ' "rises"', ' über', ' 潮', '\n\n', '', ' and falls', ' \\', ' \u{1f30a}'];
const stream = [
  chunk({ role: 'assistant', content: '' }),
  ...Array.from({ length: 60 }, (_, index) => chunk({ content: words[index % words.length] })),
  ...Array.from({ length: 20 }, (_, index) =>
    chunk({ tool_calls: [{ index, function: { arguments: '{"a"' } }] }),
  ),
  ': keep-alive\n\n',
  chunk({ content: 'last' }, { usage: null }),
  'data: [DONE]\n\n',
].join('');

function turned(bytes: Uint8Array): Buffer {
  const packed = packEvents(bytes);
  return packed === undefined ? Buffer.from(bytes) : unpackEvents(packed, bytes.length);
}

describe('events in few bytes', () => {
  it('are what they were, in a fraction of the bytes', () => {
    const bytes = Buffer.from(stream);
    expect(turned(bytes).equals(bytes)).toBe(true);
    expect(packEvents(bytes)?.length).toBeLessThan(bytes.length / 5);
  });

  it('leave out what two of them begin and end with, also where they differ in more than values', () => {
    const probable = Array.from({ length: 40 }, (_, index) => {
      const token = ' tide'.slice(0, 1 + (index % 5));
      const content = [
        { token, logprob: -1 / (index + 1), bytes: [...Buffer.from(token)], top_logprobs: [] },
      ];
      return chunk({ content: token }, { system_fingerprint: 'fp_0123456789', logprobs: { content } });
    });
    const bytes = Buffer.from(probable.join(''));
    expect(turned(bytes).equals(bytes)).toBe(true);
    expect(packEvents(bytes)?.length).toBeLessThan(0.6 * bytes.length);
  });

  it('are what they were, whatever the stream is made of', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...words));
    const event = fc.oneof(
      text.map((content) => chunk({ content })),
      fc.tuple(text, fc.nat(3)).map(([content, index]) => chunk({ [`key${index}`]: content })),
      fc
        .nat(300)
        .map((n) => `event: response.output_text.delta\ndata: {"delta":"x","sequence_number":${n}}\n\n`),
      fc.constantFrom('data: "', '\n\n', '\n', '\r\n\r\n', 'data: [DONE]\n\n', ': ping\n\n', '"', ''),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const bytes = Buffer.from(events.join(''));
        expect(turned(bytes).equals(bytes)).toBe(true);
      }),
    );
  });

  it('are any bytes at all', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(fc.array(fc.tuple(bytes, fc.nat(3)), { maxLength: 8 }), (parts) => {
        const all = Buffer.concat(
          parts.flatMap(([part, times]) => Array.from({ length: times }, () => part)),
        );
        expect(turned(all).equals(all)).toBe(true);
      }),
    );
  });

  it('are given up as damaged when they are cut, lengthened or of another length', () => {
    const bytes = Buffer.from(stream);
    const packed = packEvents(bytes) ?? Buffer.alloc(0);
    for (let length = 0; length < packed.length; length += 7)
      expect(() => unpackEvents(packed.subarray(0, length), bytes.length)).toThrow(RangeError);
    expect(() => unpackEvents(Buffer.concat([packed, packed]), bytes.length)).toThrow(RangeError);
    expect(() => unpackEvents(packed, bytes.length - 1)).toThrow(RangeError);
    expect(() => unpackEvents(packed, bytes.length + 1)).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (garbage) => {
        try {
          expect(unpackEvents(garbage, 100)).toHaveLength(100);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('are left as they are where they are long and have little in common', () => {
    const reader = new StreamReader(new ChatFolder());
    let longest = 0;
    for (let index = 0; index < 1000; index++) {
      reader.push(Buffer.from(chunk({ content: `${index} `.repeat(400) })));
      longest = Math.max(longest, reader.packed()?.length ?? 0);
    }
    expect(reader.packed()).toBeUndefined();
    expect(longest).toBeLessThan(300 * 1024);
  });

  it('take time by their length alone, also where no event is like another and no quotation mark is near', () => {
    const strange = Buffer.from(Array.from({ length: 100_000 }, (_, index) => `data: ${index}\n\n`).join(''));
    expect(turned(strange).equals(strange)).toBe(true);
    const alike = Buffer.from('data: x\n\n'.repeat(100_000));
    expect(turned(alike).equals(alike)).toBe(true);
  });
});

describe('the codec of answers', () => {
  const metadata = { shape: 'stream', name: 'a-1', upstreamMs: 3 } as const;
  const join = (pieces: Uint8Array | readonly Uint8Array[]): Buffer =>
    pieces instanceof Uint8Array ? Buffer.from(pieces) : Buffer.concat(pieces);

  it('gives back streams and bodies, with their requests or without', () => {
    const request = Buffer.from('{"model":"m"}');
    for (const bytes of [Buffer.from(stream), Buffer.from('{"id":"x"}'), Buffer.alloc(0)]) {
      for (const shape of ['stream', 'body'] as const) {
        for (const entry of [
          { bytes, metadata: { ...metadata, shape } },
          { bytes, metadata: { ...metadata, shape }, request },
        ]) {
          const read = entryCodec.decode(join(entryCodec.encode(entry)));
          expect(Buffer.from(read.bytes).equals(bytes)).toBe(true);
          expect(entryCodec.decode(join(entryCodec.encode(read)))).toEqual(read);
          expect(read.metadata).toEqual(entry.metadata);
          expect(read.request && Buffer.from(read.request)).toEqual('request' in entry ? request : undefined);
        }
      }
    }
  });

  it('writes a stream in a fraction of its bytes', () => {
    const written = join(entryCodec.encode({ bytes: Buffer.from(stream), metadata }));
    expect(written.length).toBeLessThan(stream.length / 5);
  });
});
