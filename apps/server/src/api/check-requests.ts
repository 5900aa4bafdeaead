import { Ajv, type SchemaObject } from 'ajv';
import type { FastifyServerOptions } from 'fastify';

const rules = { useDefaults: true, addUsedSchema: false } as const;
/** What has types: a text is no number, and null is neither 0 nor an empty text. */
const ofBodies = new Ajv(rules);
/** What is all text: of paths, queries and headers. */
const ofTexts = new Ajv({ ...rules, coerceTypes: 'array' });

/** Checks a part of a request by the schema of its route. A misspelt member is a mistake, and is not left out. */
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

/** Says which part of a request is wrong, and what there is in its place. */
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
