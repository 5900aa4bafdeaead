import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { readJson } from './support/read-json.js';
import { createHome, startServerProcess } from './support/server-process.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the server answers, method by method. A route that is added belongs here and into the document. */
const routes: readonly (readonly [method: string, path: string])[] = [
  ['post', '/v1/chat/completions'],
  ['post', '/v1/responses'],
  ['post', '/v1/messages'],
  ['post', '/v1/messages/count_tokens'],
  ['post', '/v1/embeddings'],
  ['get', '/v1/models'],
  ['get', '/v1/models/{model}'],
  ['get', '/healthz'],
  ['get', '/readyz'],
  ['get', '/metrics'],
  ['get', '/api/limits'],
  ['get', '/api/diagnostics'],
  ['get', '/api/diagnostics/effectiveness'],
  ['get', '/api/diagnostics/misses'],
  ['get', '/api/info'],
  ['get', '/api/usage'],
  ['get', '/api/usage/calls'],
  ['get', '/api/usage/calls/{requestId}'],
  ['get', '/api/usage/calls/{requestId}/explain'],
  ['get', '/api/usage/events'],
  ['get', '/api/keys'],
  ['post', '/api/keys'],
  ['delete', '/api/keys/{id}'],
  ['get', '/api/cache'],
  ['get', '/api/cache/entries'],
  ['delete', '/api/cache/entries'],
  ['get', '/api/cache/entries/{key}'],
  ['delete', '/api/cache/entries/{key}'],
  ['post', '/api/cache/explain'],
  ['get', '/api/session'],
  ['post', '/api/session'],
  ['delete', '/api/session'],
  ['get', '/api/settings'],
  ['get', '/api/projects'],
  ['post', '/api/projects'],
  ['get', '/api/projects/{id}'],
  ['patch', '/api/projects/{id}'],
  ['delete', '/api/projects/{id}'],
  ['get', '/api/projects/{id}/plan'],
  ['post', '/api/projects/{id}/run'],
  ['get', '/api/projects/{id}/stages/{n}'],
  ['put', '/api/projects/{id}/stages/{n}'],
  ['get', '/api/projects/{id}/stages/{n}/history'],
  ['get', '/api/projects/{id}/stages/{n}/diff'],
  ['post', '/api/projects/{id}/stages/{n}/restore'],
  ['post', '/api/projects/{id}/stages/{n}/reset'],
  ['post', '/api/projects/{id}/stages/{n}/run'],
];

describe('/openapi.json', () => {
  it('is valid, and has every route', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    const document = await readJson<Document>(fetch(`${server.url}/openapi.json`));
    expect(document.openapi).toBe('3.1.0');
    const { valid, errors } = await new Validator().validate({ ...document });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    const methods = new Set(['get', 'head', 'post', 'put', 'patch', 'delete']);
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((name) => methods.has(name))
        .map((method) => `${method} ${path}`),
    );
    expect(described.toSorted()).toEqual(routes.map((route) => route.join(' ')).toSorted());
  });

  it('tells no route that is not there', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    const { paths } = await readJson<Document>(fetch(`${server.url}/openapi.json`));
    for (const [path, item] of Object.entries(paths)) {
      for (const method of Object.keys(item)) {
        const url = server.url + path.replaceAll(/\{\W?\w*\}/g, '1');
        const abort = new AbortController();
        const response = await fetch(url, { method: method.toUpperCase(), signal: abort.signal });
        const said = response.headers.get('content-type')?.startsWith('application/json')
          ? await response.text()
          : '';
        expect(said, `${method} ${path}`).not.toContain('"NOT_FOUND"');
        expect(response.status, `${method} ${path}`).not.toBe(405);
        abort.abort();
      }
    }
  });
});
