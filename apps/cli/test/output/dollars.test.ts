import { expect, it } from 'vitest';
import { dollars } from '../../src/output/dollars.js';

it.each([
  [0, '$0'],
  [12, '$12.00'],
  [0.999, '$1.00'],
  [0.0123, '$0.012'],
  // Not as if it were free.
  [0.000021, '$0.000021'],
])('%d US dollars are %s', (usd, text) => {
  expect(dollars(usd)).toBe(text);
});
