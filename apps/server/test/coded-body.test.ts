import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStage, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const chatBody = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Tides' }] });

describe('a body in a coding', () => {
  it.each(['/v1/chat/completions', '/v1/messages', '/api/cache/explain'])(
    'is refused in words: %s',
    async (path) => {
      const sent = { method: 'POST', headers: { 'content-encoding': 'gzip' }, body: gzipSync(chatBody) };
      const response = await fetch(stage.url + path, sent);
      expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
      const { error } = (await response.json()) as { error: { message: string } };
      expect(error.message).toContain('The body is in the coding "gzip".');
    },
  );

  it('that is none is read', async () => {
    const headers = { 'content-encoding': 'identity', 'content-type': 'application/json' };
    const response = await fetch(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      body: chatBody,
    });
    expect(response.status).toBe(200);
  });
});
