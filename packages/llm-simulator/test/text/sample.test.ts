import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/random.js';
import { materialOf, sampleFromSchema } from '../../src/text/sample.js';

function sample(schema: unknown, prompt = 'Book 3 rooms in Lisbon for Ana, quiet ones', seed = 1): unknown {
  return sampleFromSchema(schema, materialOf(prompt), createRandom(seed));
}

describe('values from a JSON schema', () => {
  it('takes names, numbers and choices from the prompt', () => {
    expect(
      sample({
        type: 'object',
        properties: {
          city: { type: 'string' },
          rooms: { type: 'integer', minimum: 1, maximum: 9 },
          kind: { enum: ['loud', 'quiet'] },
        },
      }),
    ).toMatchObject({
      city: expect.stringMatching(/^(Lisbon|Ana)$/),
      rooms: 3,
      kind: 'quiet',
    });
  });

  it.each([
    [{ const: 5 }, 5],
    [{ type: 'null' }, null],
    [{ type: 'string', minLength: 40 }, expect.stringMatching(/^.{40,}$/)],
    [{ type: 'string', maxLength: 2 }, expect.stringMatching(/^.{0,2}$/)],
    [{ type: 'string', format: 'date-time' }, expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:/)],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 4 }, expect.objectContaining({ length: 4 })],
    [{ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, expect.any(Boolean)],
    [
      { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }], type: 'object' },
      { a: 1, b: 2 },
    ],
    [{ type: 'number', multipleOf: 5, minimum: 11, maximum: 19 }, 15],
    [{ type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 6 }, 5],
    [{ type: 'integer', maximum: -3, minimum: -3 }, -3],
    [{ type: 'object', required: ['x'] }, { x: expect.anything() }],
  ])('%j', (schema, expected) => {
    for (let seed = 1; seed <= 20; seed += 1) expect(sample(schema, 'nothing here', seed)).toEqual(expected);
  });

  it('stays small for schemas that multiply', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`p${index}`, { $ref: '#' }]),
    );
    const required = Object.keys(properties);
    expect(JSON.stringify(sample({ type: 'object', properties, required })).length).toBeLessThan(2_000_000);
    expect(
      JSON.stringify(sample({ type: 'array', minItems: 1e9, items: { type: 'string', minLength: 1e9 } }))
        .length,
    ).toBeLessThan(2e7);
    expect(sample({ type: 'string', format: 'constructor' })).toBeTypeOf('string');
  });

  it('ends for recursive schemas, and keeps a hostile property name a property', () => {
    const tree = {
      type: 'object',
      properties: { value: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
      required: ['value'],
    };
    expect(JSON.stringify(sample(tree)).length).toBeLessThan(200_000);
    const list = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
          required: ['next'],
        },
      },
    };
    expect(sample(list)).toHaveProperty('next');
    const proto = sample(JSON.parse('{"type":"object","properties":{"__proto__":{"const":1}}}'));
    expect(JSON.stringify(proto)).toBe('{"__proto__":1}');
    expect(() => sample({ $ref: '#' })).not.toThrow();
  });
});
