import { show } from '../check.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import type { GenerateOptions } from './ai-client.js';
import type { GenerateJsonOptions } from './generate-json.js';
import { jsonSchemaOf, type Schema } from './schema.js';
import { strictSchema } from './strict-schema.js';

/** How JSON is requested, and how the value is extracted from the answer. */
export interface JsonForm {
  readonly options: Pick<GenerateOptions, 'responseFormat' | 'system'>;
  readonly unwrap: (json: JsonValue) => JsonValue;
}

const schemaName = /^[\w-]{1,64}$/;

/** Chooses the form: by schema if a JSON schema can be derived, else any JSON object, with an instruction. */
export function jsonForm(schema: Schema<unknown>, options: GenerateJsonOptions): JsonForm {
  const { schemaName: name = 'answer', system } = options;
  const known = jsonSchemaOf(schema);
  const { format = known === undefined ? 'object' : 'schema' } = options;
  if (!['schema', 'object', 'text'].includes(format))
    throw new RangeError(`format must be schema, object or text, got ${show(format)}`);
  if (!schemaName.test(name)) {
    throw new TypeError(`schemaName must be 1 to 64 letters, digits, _ or -, got ${JSON.stringify(name)}`);
  }
  const wrapped = known !== undefined && known.type !== 'object' && format !== 'text';
  const asked = wrapped ? wrap(known) : known;
  const unwrap = wrapped ? unwrapped : (json: JsonValue): JsonValue => json;
  if (format === 'schema') {
    if (asked === undefined) {
      throw new TypeError("format 'schema' needs a JSON schema, and the library of this schema tells none");
    }
    const closed = options.strict === false ? undefined : strictSchema(asked);
    const strict = options.strict ?? closed !== undefined;
    const responseFormat = { type: 'json-schema', name, schema: closed ?? asked, strict } as const;
    return { options: { responseFormat, ...(system === undefined ? {} : { system }) }, unwrap };
  }
  const instructed = [...(system === undefined ? [] : [system]), instruction(asked)].join('\n\n');
  return {
    options: {
      system: instructed,
      ...(format === 'object' ? { responseFormat: { type: 'json-object' } as const } : {}),
    },
    unwrap,
  };
}

function instruction(schema: JsonObject | undefined): string {
  const bare = 'Answer with JSON alone: no text around it, no code fence.';
  return schema === undefined
    ? bare
    : `${bare} It must be valid against this JSON schema:\n${JSON.stringify(schema)}`;
}

/** Providers require an object at the root, so any other value becomes the property `value` of one. */
function wrap(schema: JsonObject): JsonObject {
  const { $defs, definitions, ...inner } = schema;
  return {
    type: 'object',
    properties: { value: moved(inner) },
    required: ['value'],
    additionalProperties: false,
    ...($defs === undefined ? {} : { $defs: moved($defs) }),
    ...(definitions === undefined ? {} : { definitions: moved(definitions) }),
  };
}

/** A reference to the schema or into it, but not to its definitions, which stay at the root. */
const rootReference = /^#(?=$|\/(?!(?:\$defs|definitions)(?:\/|$)))/;

/** Adjusts references to the root of the schema, which has moved. */
function moved(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(moved);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value = null]) => [
      name,
      name === '$ref' && typeof value === 'string'
        ? value.replace(rootReference, '#/properties/value')
        : moved(value),
    ]),
  );
}

/** A model not held to the schema may have returned the bare value. */
function unwrapped(json: JsonValue): JsonValue {
  return isJsonObject(json) && json.value !== undefined ? json.value : json;
}
