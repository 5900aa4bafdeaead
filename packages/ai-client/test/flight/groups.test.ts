import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupLog } from '../../src/flight/groups.js';
import { chatSurface } from '../../src/surfaces/chat.js';

/** An event of a chat whose text is `length` characters long. */
function event(length: number): Buffer {
  return Buffer.from(`data: {"choices":[{"index":0,"delta":{"content":"${'ü'.repeat(length)}"}}]}\n\n`);
}

const usage = Buffer.from(
  'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}\n\ndata: [DONE]\n\n',
);
const usageLength = usage.indexOf('\n\n') + 2;
const lengths = fc.array(fc.oneof(fc.nat(100), fc.nat(100), fc.integer({ min: 3_000, max: 20_000 })), {
  maxLength: 40,
});

/** All that a reader gets who stands at a position, in pieces. */
function readFrom(log: GroupLog, position: number): Buffer {
  const pieces: Uint8Array[] = [];
  let at = position;
  for (let group = log.from(at); group !== undefined; group = log.from(at)) {
    pieces.push(group.bytes);
    at += group.bytes.length;
  }
  return Buffer.concat(pieces);
}

describe('the log of a stream', () => {
  it('gives each reader the rest of the stream, and the cache all of it', () => {
    fc.assert(
      fc.property(lengths, fc.nat(), (sizes, seed) => {
        const log = new GroupLog(chatSurface, Number.POSITIVE_INFINITY);
        const starts: number[] = [];
        const groups = [...sizes.map(event), usage];
        for (const group of groups) {
          starts.push(log.end);
          log.push(group);
          expect(log.from(log.end - group.length)?.bytes).toEqual(group);
        }
        const all = Buffer.concat(groups);
        const from = starts[seed % starts.length] ?? 0;
        expect(readFrom(log, from).equals(all.subarray(from))).toBe(true);
        expect(Buffer.from(log.bytes()).equals(all)).toBe(true);
        const usageStart = all.length - usage.length;
        expect(log.usageEvent).toEqual([usageStart, usageStart + usageLength]);
        expect(log.from(usageStart)?.usageEvent).toEqual([0, usageLength]);
        const [choice] = (log.folded().body?.choices ?? []) as { message: { content: string } }[];
        const said = sizes.reduce((sum, size) => sum + size, 0);
        expect(choice?.message.content.length ?? 0).toBe(said);
      }),
    );
  });

  it('keeps, once it is too long, what its slowest reader lacks and how the stream ends', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { minLength: 300, maxLength: 400 }), (sizes) => {
        const log = new GroupLog(chatSurface, 10_000);
        const groups = [...sizes.map(event), usage];
        const all = Buffer.concat(groups);
        let slowest = 0;
        for (const [index, group] of groups.entries()) {
          log.push(group);
          // It is twenty groups behind.
          slowest += groups[index - 20]?.length ?? 0;
          if (log.overflowed) log.dropBefore(slowest);
          expect(log.bytesFrom(slowest)).toBe(log.end - slowest);
        }
        expect(log.overflowed).toBe(true);
        expect(readFrom(log, slowest).equals(all.subarray(slowest))).toBe(true);
        log.dropBefore(log.end);
        expect(log.bytes().length).toBeLessThan(128 * 1024);
        expect(log.folded()).toMatchObject({ terminated: true, body: { usage: { prompt_tokens: 3 } } });
      }),
      { numRuns: 20 },
    );
  });
});
