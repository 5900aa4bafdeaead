import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberRange, withoutMember } from '../src/json-member.js';

describe('memberRange', () => {
  it('finds the value of any member of any object, whatever the white space', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(object, fc.nat(), fc.nat(3), (value, which, indent) => {
        // As it comes from a wire: `-0` and the like are gone.
        const body = JSON.parse(JSON.stringify(value));
        const names = Object.keys(body);
        const name = names[which % names.length] ?? '';
        const source = ` ${JSON.stringify(body, undefined, indent)}\n`;
        const [start, end] = memberRange(source, name) ?? [0, 0];
        expect(JSON.parse(source.slice(start, end))).toEqual(body[name]);
      }),
    );
  });

  it('is not misled by the name inside other values, by escapes, or by a repeated name', () => {
    const source = '{"a":{"model":1},"b":"\\"model\\":2","c":["model"],"mod\\u0065l":"x","model":3}';
    const [start, end] = memberRange(source, 'model') ?? [0, 0];
    expect(source.slice(start, end)).toBe('3');
    expect(memberRange('{}', 'model')).toBeUndefined();
    expect(memberRange('{"a":[{"model":1}]}', 'model')).toBeUndefined();
  });

  it('finds its way past a text of many megabytes, such as an image', () => {
    const image = `data:image/png;base64,${'A'.repeat(24 * 1024 * 1024)}`;
    const source = `{"messages":[{"content":"${image}"}],"note":"${'\\\\\\"'.repeat(1000)}","model":"m"}`;
    const [start, end] = memberRange(source, 'model') ?? [0, 0];
    expect(source.slice(start, end)).toBe('"m"');
  });
});

describe('withoutMember', () => {
  it.each([
    ['{"a":1,"b":2}', '{"b":2}'],
    ['{"b":2,"a":{"x":[1,"}"]}}', '{"b":2}'],
    ['{"a":1}', '{}'],
    ['{}', '{}'],
    [' { "a" : 1 , "b" : 1.0 , "a" : 3 } ', '{"b" : 1.0}'],
    ['{"\\u0061":1,"big":12345678901234567890}', '{"big":12345678901234567890}'],
    ['{"b":{"a":1}}', '{"b":{"a":1}}'],
  ])('%s becomes %s', (source, expected) => {
    expect(withoutMember(source, 'a')).toBe(expected);
  });
});
