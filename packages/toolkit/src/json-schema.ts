import type { CheckedJsonSchema } from '@ai-toolkit/ai-client';
import type { ErrorObject, ValidateFunction } from 'ajv';

/**
 * Compiles a JSON Schema (draft 2020-12, or draft-07 if `$schema` says so) for `AiClient.generateJson`. Fails with a
 * `TypeError` if it is not a valid schema.
 */
export async function checkJsonSchema(schema: unknown): Promise<CheckedJsonSchema<unknown>> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    throw new TypeError('A JSON schema must be a JSON object.');
  const jsonSchema = schema as Readonly<Record<string, unknown>>;
  const validate = await compile(jsonSchema);
  return {
    jsonSchema,
    validate: (value) =>
      validate(value) === true ? { value } : { issues: (validate.errors ?? []).map(issueOf) },
  };
}

async function compile(schema: Readonly<Record<string, unknown>>): Promise<ValidateFunction> {
  const isOlder = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
  // `format` is an annotation only, as the standard specifies by default.
  const options = { allErrors: true, strict: false, validateFormats: false };
  try {
    const ajv = isOlder
      ? new (await import('ajv')).Ajv(options)
      : new (await import('ajv/dist/2020.js')).Ajv2020(options);
    return ajv.compile(schema);
  } catch (error) {
    throw new TypeError(`This is no JSON schema: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function issueOf({ instancePath, message = 'is not valid', params }: ErrorObject): {
  message: string;
  path: readonly string[];
} {
  const extra: unknown = params.additionalProperty ?? params.allowedValues;
  return {
    message: extra === undefined ? message : `${message}: ${[extra].flat().join(', ')}`,
    path: instancePath.split('/').slice(1),
  };
}
