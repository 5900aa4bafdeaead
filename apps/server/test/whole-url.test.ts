import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKnownKey } from './support/keys.js';
import { sendRaw } from './support/raw-request.js';
import { createStage, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const chatBody = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Tides' }] });

function head(method: string, target: string, headers: readonly string[] = []): string {
  return [`${method} ${target} HTTP/1.1`, 'host: 127.0.0.1', 'connection: close', ...headers, '', ''].join(
    '\r\n',
  );
}
describe('a request that names the whole URL, as to a proxy', () => {
  it.each(['http://127.0.0.1', 'HTTP://localhost:4000', 'https://gateway.example'])(
    'is one to its path: %s',
    async (origin) => {
      const post = (path: string): string =>
        head('POST', origin + path, [`content-length: ${chatBody.length}`]) + chatBody;
      const { status, headers } = await sendRaw(stage.url, post('/v1/chat/completions?api-version=1'));
      expect([status, headers['x-cache']]).toEqual([200, expect.stringMatching(/^(MISS|HIT)$/)]);
      const refused = await sendRaw(stage.url, post('/v1/messages/none'));
      expect(refused.status).toBe(404);
      const anthropic = await sendRaw(stage.url, head('GET', `${origin}/v1/messages`));
      expect([anthropic.status, JSON.parse(anthropic.body).type]).toEqual([405, 'error']);
      expect((await sendRaw(stage.url, head('GET', origin))).status).toBe(200);
    },
  );

  it('is let in by the key for that path, and told what that key is for', async () => {
    const secret = await createKnownKey(stage, { models: ['gpt-4o-mini'] });
    const asked = head('GET', 'http://127.0.0.1/v1/models', [`authorization: Bearer ${secret}`]);
    const { status, body } = await sendRaw(stage.url, asked);
    expect(status).toBe(200);
    expect(JSON.parse(body).data.map(({ id }: { id: string }) => id)).toEqual(['gpt-4o-mini']);
    const admin = head('GET', 'http://127.0.0.1/api/keys', [`authorization: Bearer ${secret}`]);
    expect((await sendRaw(stage.url, admin)).status).toBe(403);
  });
});
