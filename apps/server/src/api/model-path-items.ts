import type { OpenAPIV3_1 } from 'openapi-types';
import { countPath, modelPaths } from '../gateway/paths.js';

/** Request headers for the cache and for streams, which every model route reads. */
const requestHeaders: readonly (readonly [name: string, description: string])[] = [
  ['cache-control', 'no-cache, no-store, only-if-cached, max-age=S, stale-if-error=S'],
  ['x-cache-ttl', 'Lifetime of the stored answer, seconds.'],
  ['x-cache-namespace', 'Answers of different namespaces are never shared.'],
  ['x-cache-key', 'Replaces the body in the key.'],
  ['last-event-id', 'Continues a stream after this event.'],
];

const responseHeaders: readonly (readonly [name: string, description: string])[] = [
  ['x-cache', 'HIT, MISS, STALE, SEMANTIC, COALESCED, BYPASS or REFRESH'],
  ['x-cache-key', 'Key of the answer; it differs for each tenant.'],
  ['x-cache-ttl', 'Seconds until a stored answer expires.'],
  ['age', 'Seconds since a stored answer was created.'],
  ['x-request-id', 'Id of the request.'],
  ['x-attempts', 'How often the provider was asked.'],
  ['x-overhead-ms', 'Time that was not spent waiting for the provider, ms.'],
  ['x-cost-usd', 'US dollars charged; absent if the price is unknown.'],
];

const errorHeaders: readonly (readonly [name: string, description: string])[] = [
  ['retry-after', 'Seconds; with 429 and 503.'],
  ...['limit', 'remaining', 'reset'].flatMap((field) =>
    ['requests', 'tokens'].map((unit) => [`x-ratelimit-${field}-${unit}`, 'With 429.'] as const),
  ),
];

const summaries: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'Chat completions of OpenAI',
  '/v1/responses': 'Responses of OpenAI',
  '/v1/messages': 'Messages of Anthropic',
  '/v1/embeddings': 'Embeddings of OpenAI',
};

function headersOf(
  list: readonly (readonly [name: string, description: string])[],
): Record<string, { description: string; schema: { type: 'string' } }> {
  return Object.fromEntries(
    list.map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );
}

type PathItem = NonNullable<OpenAPIV3_1.PathsObject[string]>;

const anyObject = { type: 'object', additionalProperties: true } as const;

function pathItem(path: string, summary: string, streams: boolean): PathItem {
  const json = { 'application/json': { schema: anyObject } };
  return {
    post: {
      tags: ['models'],
      operationId: `post${path.replaceAll(/[/_](\w)/g, (_match, letter: string) => letter.toUpperCase())}`,
      summary,
      description: 'Unknown fields pass through untouched both ways.',
      parameters: requestHeaders.map(([name, description]) => ({
        name,
        in: 'header' as const,
        description,
        schema: { type: 'string' as const },
      })),
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { ...anyObject, required: ['model'] } } },
      },
      responses: {
        200: {
          description: 'The answer of the provider, or of the cache.',
          headers: headersOf(responseHeaders),
          content: {
            ...json,
            ...(streams ? { 'text/event-stream': { schema: { type: 'string' as const } } } : {}),
          },
        },
        default: {
          description: 'An error in the wire format of the route.',
          headers: headersOf(errorHeaders),
          content: json,
        },
      },
    },
  };
}

/** OpenAPI descriptions of the routes that bypass the framework. */
export const modelPathItems: Record<string, PathItem> = Object.fromEntries([
  ...[...modelPaths].map(
    ([path, surface]) => [path, pathItem(path, summaries[path] ?? path, surface !== 'embeddings')] as const,
  ),
  [countPath, pathItem(countPath, 'Count the tokens of a messages request', false)] as const,
]);
