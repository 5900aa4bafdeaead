/** A JSON schema. Those of responses describe, and are not enforced. */

export type Schema = Readonly<Record<string, unknown>>;

export const anyObject = { type: 'object', additionalProperties: true } as const;

const failure = {
  description: 'What went wrong, in the form of the OpenAI API.',
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        code: { type: 'string' },
        request_id: { type: 'string' },
      },
    },
  },
} as const;

export interface RouteDescription {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly params?: Schema;
  readonly querystring?: Schema;
  readonly body?: Schema;
  readonly response: Schema;
}

/** Describes a route for OpenAPI, adding the error responses that all routes share. */
export function describe(
  tag: 'models' | 'projects' | 'operations',
  summary: string,
  rest: Partial<Omit<RouteDescription, 'tags' | 'summary' | 'response'>> & {
    /** Schema of the successful response. Default: an object. */
    readonly answer?: Schema;
    /** Status of the successful response. Default 200. */
    readonly status?: number;
  } = {},
): RouteDescription {
  const { answer = anyObject, status = 200, ...parts } = rest;
  return {
    tags: [tag],
    summary,
    ...parts,
    response: { [status]: { description: summary, ...answer }, '4xx': failure, '5xx': failure },
  };
}

/** An object with these members only. */
export function objectOf(properties: Schema, required: readonly string[] = []): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** A response with at least these members. */
export function answerOf(properties: Schema): Schema {
  return { type: 'object', additionalProperties: true, properties };
}

export const listOfObjects = {
  type: 'array',
  items: { type: 'object', additionalProperties: true },
} as const;
