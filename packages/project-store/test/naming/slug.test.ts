import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newProjectId, readablePart } from '../../src/naming/project-id.js';
import { slugify } from '../../src/naming/slug.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({ maxLength: 100 }),
);

describe('slugify', () => {
  it.each([
    ['Tide Clock', 'tide-clock'],
    ['  Crème Brûlée!  ', 'creme-brulee'],
    ['../x', 'x'],
    ['..', 'project'],
    ['', 'project'],
    ['🚀', 'project'],
    ['Rocket 🚀 Tracker', 'rocket-tracker'],
    ['CON', 'con-project'],
    ['LPT1', 'lpt1-project'],
    ['com¹', 'com1-project'],
    ['ends with dots...', 'ends-with-dots'],
    ['a/b\\c:d*e', 'a-b-c-d-e'],
    ['潮汐時計', '潮汐時計'],
    ['x'.repeat(300), 'x'.repeat(60)],
  ])('makes %j into %j', (name, slug) => {
    expect(slugify(name)).toBe(slug);
  });

  it('is safe as a folder name whatever it is made of', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const slug = slugify(name);
        expect(slug).not.toBe('');
        expect(Buffer.byteLength(slug)).toBeLessThanOrEqual(70);
        expect(slug).not.toMatch(/[/\\:*?"<>|.\p{Cc}\p{Cs}]|^-|-$/u);
        expect(slug).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)$/u);
        expect(slug.normalize('NFC')).toBe(slug);
        expect(slug.toLowerCase()).toBe(slug);
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing on a second pass', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        expect(slugify(slugify(name))).toBe(slugify(name));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('newProjectId', () => {
  it('begins with the slug and differs every time', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => newProjectId('tide-clock')));
    expect(ids.size).toBe(1000);
    for (const id of ids) {
      expect(id).toMatch(/^tide-clock-[0-9a-z]{6}$/u);
      expect(readablePart(id)).toBe('tide-clock');
    }
  });

  it('stays short for a long name', () => {
    expect(newProjectId('a'.repeat(60))).toHaveLength(31);
  });
});
