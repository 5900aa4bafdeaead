import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CheckedJsonSchema, createAiClient } from '../../src/index.js';
import { createStage } from '../support/stage.js';
import { rejection } from './support/all.js';
import { createScriptedProvider } from './support/scripted-provider.js';

const model = 'gpt-4o-mini';
const city = z.object({ name: z.string(), population: z.int().min(0) });
const porto = '{"name":"Porto","population":230000}';

describe('generateJson', () => {
  it.each([
    ['Zod', city],
    ['ArkType', type({ name: 'string', population: 'number >= 0' })],
    [
      'Valibot with its own converter',
      toStandardJsonSchema(v.object({ name: v.string(), population: v.pipe(v.number(), v.minValue(0)) })),
    ],
  ])('has the provider hold the model to a schema of %s', async (_library, schema) => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const { value, generation, rejected } = await client.generateJson('Tell me of Lisbon', schema);
    expect(value).toEqual({ name: expect.any(String), population: expect.any(Number) });
    expect(generation.cache).toBe('miss');
    expect(rejected).toEqual([]);
    expect(stage.simulator.requests().at(-1)?.body).toMatchObject({
      messages: [{ role: 'user', content: 'Tell me of Lisbon' }],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          strict: true,
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, population: { minimum: 0 } },
            required: ['name', 'population'],
            additionalProperties: false,
          },
        },
      },
    });
    const again = await client.generateJson('Tell me of Lisbon', schema);
    expect(again).toMatchObject({ value, generation: { cache: 'hit' } });
  });

  it('gives the value as the schema makes it', async () => {
    await using provider = await createScriptedProvider({ content: '{"on":"2026-01-02","n":"7"}' });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const schema = z.object({ on: z.iso.date().transform((text) => new Date(text)), n: z.coerce.number() });
    const { value } = await client.generateJson('x', schema);
    expect(value).toEqual({ on: new Date('2026-01-02'), n: 7 });
  });

  it('asks in words where the library tells no JSON schema', async () => {
    await using provider = await createScriptedProvider({ content: porto });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const schema = v.object({ name: v.string(), population: v.number() });
    expect((await client.generateJson('x', schema, { system: 'Be brief.' })).value.name).toBe('Porto');
    expect(provider.requests[0]).toMatchObject({
      response_format: { type: 'json_object' },
      messages: [
        { role: 'system', content: expect.stringMatching(/^Be brief\.\n\nAnswer with JSON/) },
        { role: 'user' },
      ],
    });
    // A date has no JSON schema: the library says so by throwing.
    await rejection(client.generateJson('y', z.object({ on: z.date() }), { repairs: 0 }));
    expect(provider.requests[1]).toMatchObject({ response_format: { type: 'json_object' } });
    await expect(client.generateJson('x', schema, { format: 'schema' })).rejects.toThrow(TypeError);
  });

  it('asks in words when told so, and then says the schema', async () => {
    await using provider = await createScriptedProvider({ content: porto });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    await client.generateJson('x', city, { format: 'object' });
    await client.generateJson('x', city, { format: 'text' });
    for (const request of provider.requests) {
      expect(request.messages).toMatchObject([{ content: expect.stringContaining('"population":') }, {}]);
    }
    expect(provider.requests[0]).toHaveProperty('response_format.type', 'json_object');
    expect(provider.requests[1]).not.toHaveProperty('response_format');
  });

  it('takes a plain JSON schema with a check', async () => {
    await using provider = await createScriptedProvider({ content: '{"n":4}' });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const even: CheckedJsonSchema<number> = {
      jsonSchema: { type: 'object', properties: { n: { type: 'integer', not: { const: 0 } } } },
      validate: (value) => {
        const { n } = value as { n: number };
        return n % 2 === 0 ? { value: n } : { issues: [{ message: 'is odd', path: ['n'] }] };
      },
    };
    expect((await client.generateJson('x', even, { schemaName: 'even' })).value).toBe(4);
    // Strict mode does not know `not`, and would refuse the request.
    expect(provider.requests[0]).toHaveProperty('response_format.json_schema', {
      name: 'even',
      schema: even.jsonSchema,
      strict: false,
    });
    await client.generateJson('y', even, { strict: true });
    expect(provider.requests[1]).toHaveProperty('response_format.json_schema.strict', true);
    await expect(client.generateJson('x', even, { schemaName: 'not even' })).rejects.toThrow(
      'schemaName must be 1 to 64 letters, digits, _ or -, got "not even"',
    );
  });

  it('wraps what is no object, since providers demand one, and unwraps it again', async () => {
    await using provider = await createScriptedProvider(
      { content: '{"value":["a","b"]}' },
      { content: '["a","b"]' },
      { content: '{"value":[{"children":[]}]}' },
    );
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const names = z.array(z.string());
    expect((await client.generateJson('x', names)).value).toEqual(['a', 'b']);
    expect(provider.requests[0]).toHaveProperty('response_format.json_schema', {
      name: 'answer',
      strict: true,
      schema: {
        type: 'object',
        properties: { value: { type: 'array', items: { type: 'string' } } },
        required: ['value'],
        additionalProperties: false,
      },
    });
    expect((await client.generateJson('y', names)).value).toEqual(['a', 'b']);
    const tree: CheckedJsonSchema<unknown> = {
      jsonSchema: {
        $defs: {
          node: {
            type: 'object',
            properties: { children: { $ref: '#' }, twin: { $ref: '#/items' } },
            required: ['children', 'twin'],
          },
        },
        type: 'array',
        items: { $ref: '#/$defs/node' },
      },
      validate: (value) => ({ value }),
    };
    expect((await client.generateJson('z', tree)).value).toEqual([{ children: [] }]);
    expect(provider.requests[2]).toHaveProperty('response_format.json_schema.schema', {
      type: 'object',
      properties: { value: { type: 'array', items: { $ref: '#/$defs/node' } } },
      required: ['value'],
      additionalProperties: false,
      $defs: {
        node: {
          type: 'object',
          properties: {
            children: { $ref: '#/properties/value' },
            twin: { $ref: '#/properties/value/items' },
          },
          required: ['children', 'twin'],
          additionalProperties: false,
        },
      },
    });
  });

  it.each([
    ['a fence', `\`\`\`json\n${porto}\n\`\`\``],
    ['a fence without a language, in text', `Here it is:\n\`\`\`\n${porto}\n\`\`\`\nAnything else?`],
    ['white space', `\n ${porto} \n`],
    ['thoughts before it', `<think>\nA city: {"name":"Faro"}\n</think>\n\n${porto}`],
    ['thoughts that begin in the prompt', `A city.\n</think>\n${porto}`],
    [
      'thoughts with a draft in a fence',
      `<think>\n\`\`\`json\n{"name":"Faro","population":1}\n\`\`\`\n</think>${porto}`,
    ],
    ['a fence behind thoughts', `<think>Hm.</think>\n\`\`\`json\n${porto}\n\`\`\``],
  ])('reads JSON in %s', async (_form, content) => {
    await using provider = await createScriptedProvider({ content });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    expect((await client.generateJson('x', city)).value).toEqual({ name: 'Porto', population: 230_000 });
    expect(provider.requests).toHaveLength(1);
  });

  it('takes no draft in thoughts for the answer', async () => {
    await using provider = await createScriptedProvider({
      content: `<think>\n\`\`\`json\n${porto}\n\`\`\`\n</think>I cannot tell.`,
    });
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const error = await rejection(client.generateJson('x', city, { repairs: 0 }));
    expect(error).toMatchObject({ code: 'AI_OUTPUT_INVALID' });
  });

  it('takes no text in the JSON for the end of thoughts', async () => {
    const value = { name: '</think>', population: 5 };
    for (const content of [JSON.stringify(value), `Here:\n\`\`\`\n${JSON.stringify(value)}\n\`\`\``]) {
      await using provider = await createScriptedProvider({ content });
      const client = createAiClient({ pipeline: provider.pipeline, model });
      expect((await client.generateJson('x', city)).value).toEqual(value);
    }
  });
});
