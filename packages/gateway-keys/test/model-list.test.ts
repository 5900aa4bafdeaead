import { describe, expect, it } from 'vitest';
import { allowsModel } from '../src/index.js';

describe('allowsModel', () => {
  it.each([
    ['*', 'gpt-4o', true],
    ['*', '', true],
    ['gpt-4o', 'gpt-4o', true],
    ['gpt-4o', 'gpt-4o-mini', false],
    ['gpt-4o', 'GPT-4o', false],
    ['gpt-4o*', 'gpt-4o-mini', true],
    ['*-mini', 'gpt-4o-mini', true],
    ['*-mini', 'gpt-4o-mini-high', false],
    ['gpt-*-mini', 'gpt-4o-mini', true],
    ['gpt-*-mini', 'gpt-mini', false],
    ['openai/*', 'openai/gpt-4o', true],
    ['openai/*', 'gpt-4o', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
    ['ab*bc', 'abc', false],
    ['a**b', 'ab', true],
    ['gpt.4o', 'gpt-4o', false],
  ])('%s, %s: %s', (pattern, model, allowed) => {
    expect(allowsModel([pattern], model)).toBe(allowed);
  });

  it('takes no longer for a pattern that would make a regular expression go back and forth', () => {
    expect(allowsModel([`${'*a'.repeat(90)}b`], 'a'.repeat(10_000))).toBe(false);
  });
});
