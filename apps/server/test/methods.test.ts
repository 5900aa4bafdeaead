import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from './support/raw-request.js';
import { createStage, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('another method than those of a route', () => {
  it.each([
    ['POST', '/v1/models', 'GET, HEAD'],
    ['DELETE', '/v1/models/vendor/model', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/metrics', 'GET, HEAD'],
    ['PUT', '/api/keys', 'GET, HEAD, POST'],
    ['GET', '/api/keys/0', 'DELETE'],
    ['PUT', '/api/session', 'DELETE, GET, HEAD, POST'],
    ['POST', '/api/projects/p/stages/1', 'GET, HEAD, PUT'],
    ['GET', '/api/projects/p/stages/1/run', 'POST'],
    ['OPTIONS', '/v1/embeddings', 'POST'],
    // It has no end, which a request for the head alone would wait for.
    ['HEAD', '/api/usage/events', 'GET'],
  ])('%s %s is told those', async (method, path, allow) => {
    const response = await fetch(stage.url + path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(await response.json()).toMatchObject({ error: { code: 'BAD_REQUEST' } });
  });

  it.each([
    ['GET', '/v1/files'],
    ['POST', '/v1/model'],
    ['POST', '/api/projects/p/stages'],
    ['DELETE', '/api/keys/'],
    ['POST', '/'],
    // Longer than a parameter may be.
    ['GET', `/api/projects/${'x'.repeat(600)}`],
  ])('%s %s is no route at all', async (method, path) => {
    const response = await fetch(stage.url + path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([404, null]);
  });

  it.each(['//healthz', '/assets/../api/keys', '/assets/..%2f..%2fpackage.json', '/.env'])(
    'GET %s is no file of the dashboard',
    async (path) => {
      const head = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
      const { status, body } = await sendRaw(stage.url, head);
      expect([status, JSON.parse(body).error?.code]).toEqual([404, 'NOT_FOUND']);
    },
  );
});
