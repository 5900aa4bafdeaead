import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../src/exact-json.js';

describe('parseExactJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
    );
    expect(parseExactJson('{"a":[1,"9007199254740993"]}')).toEqual({ a: [1, '9007199254740993'] });
    expect(() => parseExactJson('{"a":')).toThrow(SyntaxError);
  });

  it('writes every whole number as it came, however long', () => {
    fc.assert(
      fc.property(fc.bigInt(), (number) => {
        const text = `{"n":[${number}]}`;
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
    );
    expect(JSON.stringify(parseExactJson('[1e400,-1E999,12e0]'))).toBe('[1e400,-1E999,12]');
  });
});
