import { describe, expect, it } from 'vitest';
import { harmless, harmlessBetweenMarks } from '../../src/output/harmless.js';

describe('a text from elsewhere', () => {
  it('does nothing to a terminal, and stays readable', () => {
    expect(harmless('a\u001B[2Jb\u001B]52;c;eA==\u0007c\u009B31m')).toBe(
      'a\u241B[2Jb\u241B]52;c;eA==\u2407c\uFFFD31m',
    );
    expect(harmless('\tone\r\ntwo\rthree é 🌊\n')).toBe('\tone\ntwothree é 🌊\n');
  });

  it('keeps the marks that are our own', () => {
    expect(harmlessBetweenMarks('\u001B[1mname\u001B[22m \u001B[2J')).toBe(
      '\u001B[1mname\u001B[22m \u241B[2J',
    );
  });
});
