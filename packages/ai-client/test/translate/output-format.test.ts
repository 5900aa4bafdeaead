import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { chatRequestToMessages, type TranslatedRequest } from '../../src/translate/chat-request.js';

function translate(response_format: JsonObject, fields: JsonObject = {}): TranslatedRequest {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ];
  return chatRequestToMessages({ model: 'claude-opus-5', messages, response_format, ...fields });
}

const closed = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

describe('response_format', () => {
  it('makes a schema that both take a format, with its name', () => {
    const format = { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: closed } };
    expect(translate(format, { reasoning_effort: 'low' })).toMatchObject({
      body: {
        output_config: {
          effort: 'low',
          format: { type: 'json_schema', schema: { ...closed, title: 'answer' } },
        },
      },
      notes: [],
    });
  });

  it('tells the model of constraints that Anthropic refuses, closes objects, and notes both', () => {
    const schema = {
      type: 'object',
      description: 'A person.',
      properties: {
        age: { type: 'integer', minimum: 0, maximum: 150, description: 'In years.' },
        tags: { type: 'array', minItems: 2, items: { type: 'string', maxLength: 5 } },
        mail: { type: 'string', format: 'email' },
        plate: { type: 'string', format: 'plate' },
        maximum: { oneOf: [{ type: 'number' }, { $ref: '#/$defs/none' }] },
      },
      $defs: { none: { type: 'object' } },
    };
    const json_schema = { name: 'person', description: 'Who it is.', schema };
    const { body, notes } = translate({ type: 'json_schema', json_schema });
    expect(body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          title: 'person',
          type: 'object',
          description: 'Who it is.\n\nA person.',
          properties: {
            age: { type: 'integer', description: 'In years.\n\nConstraints: minimum 0, maximum 150.' },
            tags: {
              type: 'array',
              items: { type: 'string', description: 'Constraints: maxLength 5.' },
              description: 'Constraints: minItems 2.',
            },
            mail: { type: 'string', format: 'email' },
            plate: { type: 'string', description: 'Constraints: format "plate".' },
            maximum: { anyOf: [{ type: 'number' }, { $ref: '#/$defs/none' }] },
          },
          $defs: { none: { type: 'object', additionalProperties: false } },
          additionalProperties: false,
        },
      },
    });
    expect(notes).toMatchObject([{ field: 'response_format', action: 'changed' }]);
    expect(notes[0]?.reason).toMatch(/constraints.*closed/);
  });

  it('keeps both where a schema has `oneOf` beside `anyOf`', () => {
    const text = { type: 'string' };
    const number = { type: 'number' };
    const list = { type: 'array' };
    const schema = { anyOf: [text, number], oneOf: [number, list], allOf: [number] };
    const { body } = translate({ type: 'json_schema', json_schema: { name: 'a', schema } });
    expect(body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: { title: 'a', anyOf: [text, number], allOf: [number, { anyOf: [number, list] }] },
      },
    });
  });

  it('asks for a JSON object without a schema in the system prompt, and says that nothing enforces it', () => {
    const { body, notes } = translate({ type: 'json_object' });
    expect(body.system).toMatchObject([
      { text: 'Be brief.' },
      { text: expect.stringContaining('JSON object') },
    ]);
    expect(notes).toMatchObject([{ field: 'response_format', action: 'changed' }]);
  });

  it('says nothing for text, and refuses what it cannot read', () => {
    expect(translate({ type: 'text' })).toEqual(translate({ type: 'text' }, { response_format: null }));
    expect(() => translate({ type: 'grammar' })).toThrow('"grammar"');
    expect(() => translate({ type: 'json_schema', json_schema: { name: 'x' } })).toThrow('schema');
    const format = { type: 'json_schema', json_schema: { name: 'x', schema: closed } };
    expect(() => translate(format, { output_config: { format: {} } })).toThrow('output_config.format');
  });
});
