import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { type Draft, refusal } from './draft.js';
import { portableSchema } from './portable-schema.js';

/** Anthropic enforces schemas, but not "any JSON": an object with unknown fields can only be requested in the prompt. */
const jsonInstruction = 'Answer with one JSON object and nothing else: no text around it, no code fence.';

/** Translates `response_format` to `output_config.format`. Must run after the system prompt is complete. */
export function translateResponseFormat(value: JsonValue, draft: Draft): void {
  const format = isJsonObject(value) ? value : {};
  if (format.type === 'text') return;
  if (format.type === 'json_object') {
    draft.system.push({ type: 'text', text: jsonInstruction });
    draft.notes.add(
      'response_format',
      'changed',
      'a JSON object without a schema is asked for in the system prompt, and not enforced',
    );
    return;
  }
  if (format.type !== 'json_schema') {
    throw refusal(
      'response_format',
      `the type ${JSON.stringify(format.type)} is not known`,
      'Use the type "json_schema", "json_object" or "text".',
    );
  }
  const config: JsonObject = isJsonObject(draft.body.output_config) ? draft.body.output_config : {};
  if (config.format !== undefined && config.format !== null) {
    throw refusal('response_format', 'output_config.format is set as well', 'Set one of the two.');
  }
  draft.body.output_config = {
    ...config,
    format: { type: 'json_schema', schema: namedSchema(format.json_schema, draft) },
  };
}

/** The schema with the name and description that chat completions keep next to it. */
function namedSchema(value: JsonValue | undefined, draft: Draft): JsonObject {
  const { name, description, schema } = isJsonObject(value) ? value : {};
  if (!isJsonObject(schema)) {
    throw refusal(
      'response_format.json_schema.schema',
      'it is not an object',
      'Give the schema, or use the type "json_object".',
    );
  }
  const portable = portableSchema({
    ...(typeof name === 'string' ? { title: name } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    ...schema,
  });
  // Both describe the same thing; otherwise the schema's description would replace the outer one.
  if (typeof description === 'string' && typeof schema.description === 'string') {
    portable.schema.description = `${description}\n\n${String(portable.schema.description)}`;
  }
  noteSchema(portable, 'response_format', draft);
  return portable.schema;
}

/** Notes what was changed in a schema. */
export function noteSchema(
  { loosened, closed }: { readonly loosened: boolean; readonly closed: boolean },
  field: string,
  { notes }: Draft,
): void {
  if (!loosened && !closed) return;
  const reasons = [
    ...(loosened ? ['constraints that Anthropic does not enforce became part of descriptions'] : []),
    ...(closed ? ['objects that left further fields open were closed'] : []),
  ];
  notes.add(field, 'changed', reasons.join('; '));
}
