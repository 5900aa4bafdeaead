import { Ajv, type SchemaObject } from 'ajv';
import type { FastifyServerOptions } from 'fastify';

const rules = { useDefaults: true, addUsedSchema: false } as const;
/** For JSON bodies, without coercion: a string is not a number, and null is neither 0 nor an empty string. */
const ofBodies = new Ajv(rules);
/** For paths, queries and headers, whose values are all strings. */
const ofTexts = new Ajv({ ...rules, coerceTypes: 'array' });

/** Compiles the validator for a part of a request. Unknown members are errors, not dropped as by fastify's default. */
export function checkOf({
  schema,
  httpPart,
}: {
  schema: unknown;
  httpPart?: string;
}): ReturnType<Ajv['compile']> {
  return (httpPart === 'body' ? ofBodies : ofTexts).compile(schema as SchemaObject);
}

const places: Readonly<Record<string, string>> = {
  querystring: 'the query',
  params: 'the path',
  body: 'the body',
};

type Mistakes = Parameters<NonNullable<FastifyServerOptions['schemaErrorFormatter']>>;

/** Says which part of a request is invalid, and what is allowed there. */
export function mistakeOf([first]: Mistakes[0], part: Mistakes[1]): Error {
  const place = places[part] ?? part;
  if (first === undefined) return new Error(`${capital(place)} is wrong`);
  const { instancePath, params, message = 'is wrong' } = first;
  const member = instancePath.slice(1).replaceAll('/', '.');
  const where = member === '' ? capital(place) : `${member} in ${place}`;
  const { additionalProperty, allowedValues } = params;
  if (typeof additionalProperty === 'string')
    return new Error(`${where} takes no ${JSON.stringify(additionalProperty)}`);
  if (Array.isArray(allowedValues)) return new Error(`${where} must be one of ${allowedValues.join(', ')}`);
  return new Error(`${where} ${message}`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
