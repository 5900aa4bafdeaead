import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textChecksum } from '../../src/list/text-checksum.js';

it('is another one when any part of a text is', () => {
  const piece = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(piece, piece, piece, piece, (before, one, other, after) => {
      fc.pre(one !== other);
      expect(textChecksum(before + one + after)).not.toBe(textChecksum(before + other + after));
    }),
    { numRuns: 1000 },
  );
});

it('tells apart texts that differ in one bit, in length or in order', () => {
  const text = JSON.stringify(Array.from({ length: 60 }, (_, index) => [`/projects/clock-${index}`, index]));
  const sums = new Set([textChecksum(text), textChecksum(''), textChecksum('\0'), textChecksum(`${text}\0`)]);
  for (let at = 0; at < text.length; at += 1) {
    for (const bit of [1, 64])
      sums.add(
        textChecksum(text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ bit) + text.slice(at + 1)),
      );
  }
  for (let at = 1; at < text.length; at += 1) sums.add(textChecksum(text.slice(at) + text.slice(0, at)));
  expect(sums.size).toBe(4 + 2 * text.length + text.length - 1);
  for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{28}$/);
});
