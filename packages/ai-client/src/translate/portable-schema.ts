import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';

/** Constraints that Anthropic's structured outputs reject. The description can still mention them to the model. */
const wordedConstraints: ReadonlySet<string> = new Set([
  'exclusiveMaximum',
  'exclusiveMinimum',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'uniqueItems',
]);

const knownFormats: ReadonlySet<unknown> = new Set([
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'time',
  'uri',
  'uuid',
]);

/** A schema that Anthropic accepts, and how it was changed. */
export interface PortableSchema {
  readonly schema: JsonObject;
  /** Whether constraints became part of a description: the model is told them, but they are not enforced. */
  readonly loosened: boolean;
  /** Whether objects that implicitly allowed additional properties no longer do. */
  readonly closed: boolean;
}

/**
 * Rewrites a JSON schema for structured outputs: constraints that Anthropic rejects move into the description, `oneOf` becomes `anyOf`, and
 * objects are closed. Anything else that the API may reject is left unchanged: its own message explains best why.
 */
export function portableSchema(source: JsonObject): PortableSchema {
  const change = { loosened: false, closed: false };
  return { schema: rewrite(source, change), ...change };
}

interface Change {
  loosened: boolean;
  closed: boolean;
}

/** Fields that contain schemas by name. */
const schemaMaps: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
/** Fields that contain lists of schemas. */
const schemaLists: ReadonlySet<string> = new Set(['anyOf', 'allOf', 'prefixItems']);

function rewrite(source: JsonObject, change: Change): JsonObject {
  const members: [string, JsonValue][] = [];
  const worded: string[] = [];
  if (source.oneOf !== undefined) change.loosened = true;
  for (const [name, value] of Object.entries(withoutOneOf(source))) {
    if (value === undefined) continue;
    if (isWorded(name, value)) worded.push(`${name} ${JSON.stringify(value)}`);
    else members.push([name, rewriteMember(name, value, change)]);
  }
  const schema: JsonObject = Object.fromEntries(members);
  if (worded.length > 0) {
    change.loosened = true;
    const before = typeof schema.description === 'string' ? `${schema.description}\n\n` : '';
    schema.description = `${before}Constraints: ${worded.join(', ')}.`;
  }
  if (isObjectSchema(schema) && schema.additionalProperties === undefined) {
    change.closed = true;
    schema.additionalProperties = false;
  }
  return schema;
}

/** `oneOf` becomes `anyOf`, within `allOf` if the schema already has one. */
function withoutOneOf({ oneOf, ...rest }: JsonObject): JsonObject {
  if (oneOf === undefined) return rest;
  if (rest.anyOf === undefined) return { ...rest, anyOf: oneOf };
  return { ...rest, allOf: [...(Array.isArray(rest.allOf) ? rest.allOf : []), { anyOf: oneOf }] };
}

function rewriteMember(name: string, value: JsonValue, change: Change): JsonValue {
  if (schemaMaps.has(name) && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rewriteAny(inner, change)]));
  }
  if (schemaLists.has(name) && Array.isArray(value)) return value.map((inner) => rewriteAny(inner, change));
  return name === 'items' ? rewriteAny(value, change) : value;
}

function rewriteAny(value: JsonValue | undefined, change: Change): JsonValue {
  return isJsonObject(value) ? rewrite(value, change) : (value ?? null);
}

function isWorded(name: string, value: JsonValue): boolean {
  if (name === 'minItems') return value !== 0 && value !== 1;
  if (name === 'format') return !knownFormats.has(value);
  return wordedConstraints.has(name);
}

/** Whether a schema describes objects, perhaps beside other values. */
export function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || isJsonObject(properties);
}
