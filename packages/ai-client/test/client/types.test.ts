import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type as ark } from 'arktype';
import * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type {
  AiClient,
  CheckedJsonSchema,
  Embeddings,
  FunctionCall,
  JsonGeneration,
  SchemaOutput,
} from '../../src/index.js';

declare const client: AiClient;
const dated = z.object({ on: z.iso.date().transform((text) => new Date(text)), note: z.string().optional() });
const arked = ark({ n: 'number' });
const valibot = v.object({ tags: v.array(v.string()) });
declare const checked: CheckedJsonSchema<bigint>;

/** Never run: what matters is what the compiler says. */
export async function calls(): Promise<void> {
  const json = await client.generateJson('x', dated);
  expectTypeOf(json).toEqualTypeOf<JsonGeneration<{ on: Date; note?: string | undefined }>>();
  expectTypeOf((await client.generateJson('x', arked)).value).toEqualTypeOf<{ n: number }>();
  expectTypeOf((await client.generateJson('x', valibot)).value).toEqualTypeOf<{ tags: string[] }>();
  expectTypeOf((await client.generateJson('x', checked)).value).toEqualTypeOf<bigint>();

  const one = await client.callFunction('x', { name: 'a', parameters: dated });
  expectTypeOf(one.name).toEqualTypeOf<'a'>();
  expectTypeOf(one.arguments).toEqualTypeOf<{ on: Date; note?: string | undefined }>();
  const some = await client.callFunction('x', [
    { name: 'a', parameters: dated },
    { name: 'b', parameters: arked },
    { name: 'c', parameters: checked },
  ]);
  expectTypeOf(some.name).toEqualTypeOf<'a' | 'b' | 'c'>();
  if (some.name === 'a') expectTypeOf(some.arguments.on).toEqualTypeOf<Date>();
  if (some.name === 'b') expectTypeOf(some.arguments).toEqualTypeOf<{ n: number }>();
  if (some.name === 'c') expectTypeOf(some.arguments).toEqualTypeOf<bigint>();
  // @ts-expect-error: a schema is needed
  await client.callFunction('x', { name: 'a' });
  // @ts-expect-error: tools belong to callFunction
  await client.generateJson('x', dated, { tools: [] });

  expectTypeOf(await client.embed('x')).toEqualTypeOf<Embeddings>();
  expectTypeOf(await client.embed(['x'])).toEqualTypeOf<Embeddings>();
  for await (const event of client.generateStreaming('x')) {
    expectTypeOf(event.type).toEqualTypeOf<'text' | 'reasoning' | 'tool-call' | 'done'>();
    if (event.type === 'tool-call') expectTypeOf(event.argumentsText).toEqualTypeOf<string>();
  }
}

describe('the types', () => {
  it('follow from the schemas', () => {
    expectTypeOf<SchemaOutput<StandardSchemaV1<string, number>>>().toEqualTypeOf<number>();
    expectTypeOf<SchemaOutput<CheckedJsonSchema<'x'>>>().toEqualTypeOf<'x'>();
    expectTypeOf<FunctionCall<{ name: 'a'; parameters: typeof arked }>['arguments']>().toEqualTypeOf<{
      n: number;
    }>();
  });
});
