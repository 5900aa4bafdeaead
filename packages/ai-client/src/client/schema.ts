import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { show } from '../check.js';
import { isJsonObject, type JsonObject } from '../json.js';
import type { JsonSchema } from './tool.js';

/** A JSON schema with a validator. */
export interface CheckedJsonSchema<T> {
  readonly jsonSchema: JsonSchema;
  /** Returns the value or the issues, as in Standard Schema. */
  readonly validate: (value: unknown) => StandardSchemaV1.Result<T> | Promise<StandardSchemaV1.Result<T>>;
}

/** Describes a value: a Standard Schema (Zod, Valibot, ArkType, …), or a JSON schema with a validator. */
export type Schema<T> = StandardSchemaV1<unknown, T> | CheckedJsonSchema<T>;

/** The type of the values that pass a schema. */
export type SchemaOutput<S> = S extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<S>
  : S extends CheckedJsonSchema<infer T>
    ? T
    : never;

export type Validated<T> = { readonly value: T } | { readonly problem: string };

/** Throws a `TypeError` if `schema` is not a schema. */
export function checkSchema(name: string, schema: Schema<unknown>): void {
  const given: unknown = schema;
  const isObject = (typeof given === 'object' && given !== null) || typeof given === 'function';
  if (isObject && ('~standard' in given || ('validate' in given && typeof given.validate === 'function')))
    return;
  throw new TypeError(`${name} must be a Standard Schema or { jsonSchema, validate }, got ${show(given)}`);
}

export async function validate<T>(schema: Schema<T>, value: unknown): Promise<Validated<T>> {
  const result =
    '~standard' in schema ? await schema['~standard'].validate(value) : await schema.validate(value);
  if (result.issues === undefined) return { value: result.value };
  return { problem: result.issues.map(describe).join('\n') || 'It does not fit the schema.' };
}

/** The JSON schema of a schema's input; `undefined` if its library does not provide one (Standard JSON Schema) or cannot express it. */
export function jsonSchemaOf(schema: Schema<unknown>): JsonObject | undefined {
  const { $schema: _dialect, ...rest } = told(schema) ?? {};
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function told(schema: Schema<unknown>): JsonObject | undefined {
  if (!('~standard' in schema)) return asJson(schema.jsonSchema);
  const { jsonSchema } = schema['~standard'] as Partial<StandardJSONSchemaV1.Props>;
  try {
    return asJson(jsonSchema?.input({ target: 'draft-2020-12' }));
  } catch {
    // Dates, functions and the like have no JSON schema; libraries throw for them.
    return undefined;
  }
}

function asJson(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function describe({ message, path = [] }: StandardSchemaV1.Issue): string {
  let place = '';
  for (const segment of path) {
    const key = typeof segment === 'object' ? segment.key : segment;
    place += typeof key === 'number' ? `[${key}]` : `${place === '' ? '' : '.'}${String(key)}`;
  }
  return place === '' ? message : `${place}: ${message}`;
}
