import { describe, expect, it } from 'vitest';
import { strictSchema } from '../../src/client/strict-schema.js';
import type { JsonObject } from '../../src/json.js';

const text: JsonObject = { type: 'string' };

function object(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), ...rest };
}

describe('strictSchema', () => {
  it('closes every object that is left open', () => {
    const leaf = object({ a: text });
    const closed = { ...leaf, additionalProperties: false };
    const schema = object(
      {
        one: leaf,
        list: { type: 'array', items: leaf, minItems: 1 },
        either: { anyOf: [leaf, text] },
        nullable: { ...leaf, type: ['object', 'null'] },
        ref: { $ref: '#/$defs/leaf' },
      },
      { $defs: { leaf }, description: 'All of it.' },
    );
    expect(strictSchema(schema)).toEqual({
      ...schema,
      additionalProperties: false,
      properties: {
        one: closed,
        list: { type: 'array', items: closed, minItems: 1 },
        either: { anyOf: [closed, text] },
        nullable: { ...closed, type: ['object', 'null'] },
        ref: { $ref: '#/$defs/leaf' },
      },
      $defs: { leaf: closed },
    });
  });

  it('takes what strict mode knows', () => {
    const known = object({
      at: { type: 'string', format: 'date-time' },
      n: { type: ['integer', 'null'], minimum: 0, multipleOf: 2 },
      kind: { enum: ['a', 'b'] },
      fixed: { const: 1 },
    });
    expect(strictSchema(known)).toEqual({ ...known, additionalProperties: false });
    expect(strictSchema({ type: 'object' })).toEqual({
      type: 'object',
      properties: {},
      required: [],
      additionalProperties: false,
    });
  });

  it.each<[string, JsonObject]>([
    ['a root that is no object', { type: 'array', items: text }],
    ['an optional property', { ...object({ a: text }), required: [] }],
    [
      'an optional property deep inside',
      object({ a: { anyOf: [{ ...object({ b: text }), required: [] }] } }),
    ],
    [
      'an optional property of an object that may be null',
      object({ a: { type: ['object', 'null'], properties: { b: text }, required: [] } }),
    ],
    ['an open object', object({ a: text }, { additionalProperties: true })],
    ['a record', object({ a: { type: 'object', additionalProperties: text } })],
    ['any value', object({ a: {} })],
    ['a schema that is true', object({ a: true })],
    ['the length of a text', object({ a: { type: 'string', minLength: 1 } })],
    ['a format that it does not know', object({ a: { type: 'string', format: 'uri' } })],
    ['a default', object({ a: { type: 'string', default: 'x' } })],
    ['a combination', object({ a: { allOf: [text], type: 'string' } })],
    ['definitions of the older name', object({ a: text }, { definitions: { b: text } })],
    ['a list of any values', object({ a: { type: 'array', items: true } })],
  ])('leaves alone a schema with %s', (_what, schema) => {
    expect(strictSchema(schema)).toBeUndefined();
  });
});
