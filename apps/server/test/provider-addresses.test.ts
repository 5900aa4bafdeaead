import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { ask } from './support/ask.js';
import { createKey, createKnownKey } from './support/keys.js';
import { createStage, type Stage } from './support/stage.js';

interface Line {
  readonly msg: string;
  readonly requestId?: string;
  readonly reason?: string;
}

/** The lines of the log, once the server has ended. */
async function linesOf({ server }: Stage): Promise<Line[]> {
  await server.end('SIGTERM');
  return server
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

async function post(url: string, path: string, secret: string): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify({
      model: 'claude-haiku-4-5',
      max_tokens: 20,
      messages: [{ role: 'user', content: 'Anybody?' }],
    }),
  });
}

describe('the address of a provider', () => {
  it.each([
    ['cut-after=3', { stream: true }, 200, 'The provider broke off its answer'],
    ['reset; path=/v1/chat', {}, 502, 'The provider cannot be reached'],
  ])('is told to no holder of a key: %s', async (fault, body, status, said) => {
    await using stage = await createStage({ simulator: { faults: [fault] } });
    const secret = await createKnownKey(stage);
    const answer = await ask(stage.url, 'Tides', body, { authorization: `Bearer ${secret}` });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(said);
    expect(answer.text).not.toContain('127.0.0.1');
    const told = (await linesOf(stage)).find(({ msg }) => msg === 'provider failed');
    expect(told?.reason).toContain(stage.simulator.url);
    expect(told?.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('is told by no redirect', async () => {
    await using provider = createServer((_request, response) => {
      response.writeHead(302, { location: 'http://models.internal:8000/v1/chat/completions' }).end();
    });
    await once(provider.listen(0, '127.0.0.1'), 'listening');
    const { port } = provider.address() as AddressInfo;
    await using stage = await createStage({
      environment: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` },
    });
    const secret = await createKey(stage.home);
    const { error } = await vi.waitFor(async () => {
      const answer = await ask(stage.url, 'Tides', {}, { authorization: `Bearer ${secret}` });
      expect(answer.status).toBe(502);
      return JSON.parse(answer.text) as { error: { message: string } };
    });
    expect(error.message).toBe(
      'The provider answered 302 with a redirect to another address. Try again in a moment; who runs the server finds more in its log.',
    );
  });

  it('is told to none by the other routes of models either', async () => {
    await using stage = await createStage();
    const secret = await createKnownKey(stage);
    await stage.simulator.close();
    const answers = [
      await post(stage.url, '/v1/messages', secret),
      await post(stage.url, '/v1/messages/count_tokens', secret),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(502);
      expect(await answer.text()).not.toContain('127.0.0.1');
    }
    const told = (await linesOf(stage)).filter(({ msg }) => msg === 'provider failed');
    expect(told.map(({ requestId }) => requestId)).toEqual(
      answers.map(({ headers }) => headers.get('x-request-id')),
    );
  });

  it('is told to no holder of a key who asks for models', async () => {
    await using stage = await createStage();
    await stage.simulator.close();
    const secret = await createKey(stage.home);
    const answer = await vi.waitFor(async () => {
      const answer = await fetch(`${stage.url}/v1/models`, {
        headers: { authorization: `Bearer ${secret}` },
      });
      expect(answer.status).toBe(502);
      return answer;
    });
    expect(await answer.text()).not.toContain('127.0.0.1');
  });

  it('is told to who asks without a key, on this machine', async () => {
    await using stage = await createStage();
    await stage.simulator.close();
    expect((await ask(stage.url, 'Anybody?')).text).toContain(`${stage.simulator.url} cannot be reached`);
  });
});
