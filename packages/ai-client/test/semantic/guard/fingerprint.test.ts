import { describe, expect, it } from 'vitest';
import { essence, fingerprint } from '../../../src/semantic/guard/fingerprint.js';
import { labelledPairs } from '../support/labelled-pairs.js';

const passes = (first: string, second: string): boolean => fingerprint(first) === fingerprint(second);

describe('the guard before the vectors', () => {
  it.each([
    'number',
    'date',
    'unit',
    'name',
    'lower-case name',
    'negation',
    'opposite',
    'question',
    'quote',
    'code',
    'language',
    'task',
  ])('lets no pair of the labelled set pass that differs in: %s', (kind) => {
    const pairs = labelledPairs.filter((pair) => pair.kind === kind);
    expect(pairs.length).toBeGreaterThan(7);
    expect(pairs.filter(({ first, second }) => passes(first, second))).toEqual([]);
  });

  it('lets most attacks on its own rules fail, and no more than are known succeed', () => {
    const attacks = labelledPairs.filter(({ kind }) => kind === 'attack');
    const succeeded = attacks.filter(({ first, second }) => passes(first, second));
    expect(attacks.length).toBeGreaterThan(35);
    expect(succeeded.length).toBeLessThanOrEqual(10);
  });

  it('lets more than half of the questions pass that are put in other words', () => {
    const pairs = labelledPairs.filter(({ label }) => label === 'same');
    const passed = pairs.filter(({ first, second }) => passes(first, second));
    expect(pairs.length).toBeGreaterThan(100);
    expect(passed.length / pairs.length).toBeGreaterThan(0.5);
  });

  it('has a labelled set of more than 200 pairs, none of them twice', () => {
    expect(labelledPairs.length).toBeGreaterThan(200);
    expect(new Set(labelledPairs.map(({ first, second }) => `${first}\t${second}`)).size).toBe(
      labelledPairs.length,
    );
  });

  it('leaves of a text what counts, in its order', () => {
    expect(essence("What's the capital of France?")).toEqual(['capital', 'france']);
    expect(essence('How can I move 1,000 files to `src/main.ts`?')).toEqual([
      'how',
      'move',
      '=1000',
      'file',
      '=`src/main.ts`',
    ]);
    expect(essence("Hello, I can't log in at 5pm.")).toEqual([
      'i',
      'can',
      'not',
      'log',
      'in',
      'at',
      '=5',
      'pm',
    ]);
  });

  it('takes every word of a text about wording, and every letter of it', () => {
    expect(passes('Spell the color.', 'Spell color.')).toBe(false);
    expect(passes('Translate Polish.', 'Translate polish.')).toBe(false);
  });

  it.each([
    ['Is a 5 mW laser dangerous?', 'Is a 5 MW laser dangerous?'],
    ['Is a 5mW laser dangerous?', 'Is a 5MW laser dangerous?'],
    ['How long does 10 Gb take?', 'How long does 10 GB take?'],
    ['How far is 3 m?', 'How far is 3 M?'],
    ['Who helps US?', 'Who helps us?'],
    ['What is IT?', 'What is it?'],
  ])('tells case apart where it is another unit or another word: %s, %s', (first, second) => {
    expect(passes(first, second)).toBe(false);
  });

  it.each([
    ['How fast is 10MB/s over 10 GB?', 'how fast is 10MB/s over 10GB'],
    ['Who won in 2020? The best team?', 'who won in 2020? the best team'],
    ['In 2020, Who won?', 'in 2020, who won?'],
    ['Is it open at 5 PM?', 'Is it open at 5pm?'],
    ['What does NASA do?', 'what does nasa do'],
    ['It rains. Who knows us?', 'it rains. who knows us?'],
  ])('ignores it elsewhere: %s, %s', (first, second) => {
    expect(passes(first, second)).toBe(true);
  });

  it('has no fingerprint for a text that says nothing by itself', () => {
    for (const text of ['Is there any?', 'Please.', '?', '']) expect(fingerprint(text)).toBeUndefined();
  });

  it('sees typographic and plain quotes as the same, and decomposed letters as composed', () => {
    expect(passes('Who sang “Hey Jude”?', 'Who sang "Hey Jude"?')).toBe(true);
    expect(passes('Where is Café Zoë?', 'Where is Cafe\u0301 Zoe\u0308?')).toBe(true);
  });
});
