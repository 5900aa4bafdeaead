import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MarkdownMarks } from '../../src/output/markdown.js';

const answer = `# Tides

They come **twice** a day, see \`moon.ts\`:

\`\`\`ts
const a = b ** 2; // **not bold**
# no heading
\`\`\`

  - one * two
## Last # of them
a ** b, and the end *`;

/** All pieces, marked. */
function marked(pieces: readonly string[]): string {
  const marks = new MarkdownMarks();
  return pieces.map((piece) => marks.push(piece)).join('') + marks.end();
}

describe('MarkdownMarks', () => {
  it('marks the same however the text comes in, and changes no character of it', () => {
    const whole = marked([answer]);
    expect(stripVTControlCharacters(whole)).toBe(answer);
    for (const size of [1, 2, 3, 7]) {
      const pieces = answer.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(stripVTControlCharacters(marked(pieces))).toBe(answer);
    }
  });

  it('makes headings and bold words bold, code cyan and fences dim', () => {
    const whole = marked([answer]);
    expect(whole).toContain('\u001B[1m# \u001B[22m\u001B[1mTides\u001B[22m\n');
    expect(whole).toContain('\u001B[1mtwice\u001B[22m');
    expect(whole).toContain('\u001B[36mmoon.ts\u001B[39m');
    expect(whole).toContain('\u001B[2m```ts\u001B[22m');
    expect(whole).toContain('\u001B[36mconst a = b ** 2; // **not bold**\u001B[39m');
    expect(whole).not.toContain('\u001B[1m# \u001B[22m\u001B[1mno heading');
  });

  it('holds back no more than what may begin a mark', () => {
    const marks = new MarkdownMarks();
    expect(marks.push('A word')).toBe('A word');
    expect(marks.push(' *')).toBe(' ');
    expect(stripVTControlCharacters(marks.push('*bold'))).toBe('**bold');
    expect(marks.end()).toBe('');
  });
});
