import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { isObjectSchema } from '../translate/portable-schema.js';

/** Keywords supported by OpenAI's strict mode ("Supported schemas" in its guide to structured outputs), in addition to those below. */
const knownKeywords: ReadonlySet<string> = new Set([
  '$ref',
  'const',
  'description',
  'enum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'maxItems',
  'maximum',
  'minItems',
  'minimum',
  'multipleOf',
  'pattern',
  'title',
  'type',
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
  'uuid',
]);
/** Every schema must have at least one of these. */
const telling: readonly string[] = ['$ref', 'anyOf', 'const', 'enum', 'type'];

/**
 * Converts a schema to the form that strict mode requires: objects closed, every property required. `undefined` if it contains anything
 * that strict mode does not support, which the provider would reject, or an optional property, which only the caller can make nullable
 * instead. Closing objects is safe: whatever matches the closed schema also matches the open one.
 */
export function strictSchema(schema: JsonObject): JsonObject | undefined {
  return schema.type === 'object' ? strict(schema) : undefined;
}

function strict(schema: JsonValue | undefined): JsonObject | undefined {
  if (!isJsonObject(schema) || !telling.some((name) => schema[name] !== undefined)) return undefined;
  const closed: JsonObject = {};
  for (const [name, value] of Object.entries(schema)) {
    const member = strictMember(name, value);
    if (member === undefined) return undefined;
    closed[name] = member;
  }
  if (!isObjectSchema(schema)) return closed;
  const properties = isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  if (!properties.every((name) => required.includes(name))) return undefined;
  return { ...closed, properties: closed.properties ?? {}, required, additionalProperties: false };
}

function strictMember(name: string, value: JsonValue | undefined): JsonValue | undefined {
  if (knownKeywords.has(name) || name === 'required') return value;
  if (name === 'items') return strict(value);
  if (name === 'anyOf' && Array.isArray(value)) return whole(value.map(strict));
  if (name === 'format') return knownFormats.has(value) ? value : undefined;
  if (name === 'additionalProperties') return value === false ? value : undefined;
  if ((name !== 'properties' && name !== '$defs') || !isJsonObject(value)) return undefined;
  const names = Object.keys(value);
  const members = whole(names.map((key) => strict(value[key])));
  return members && Object.fromEntries(names.map((key, index) => [key, members[index] ?? null]));
}

/** The list, unless a member is missing. */
function whole(list: readonly (JsonObject | undefined)[]): JsonObject[] | undefined {
  const members = list.filter((member) => member !== undefined);
  return members.length === list.length ? members : undefined;
}
