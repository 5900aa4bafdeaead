import { describe, expect, it } from 'vitest';
import { createPipeline } from '../../src/index.js';
import { body, createOddProvider, given } from '../support/odd-provider.js';
import { chat, run } from '../support/run-exchange.js';

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('of %d is neither followed nor passed on', async (status) => {
    const headers = { location: 'https://elsewhere.example/v1/chat?key=secret' };
    const [{ error, head }] = await given({ status, headers });
    expect(error).toMatchObject({ code: 'AI_RESPONSE_INVALID', status: 502 });
    expect(String(error)).toContain(`${status} with a redirect to https://elsewhere.example/v1/chat.`);
    expect(head).toBeUndefined();
  });

  it('that leads nowhere is told all the same', async () => {
    const [{ error }] = await given({ status: 304, type: null });
    expect(String(error)).toMatch(/answered 304\.$/);
  });

  it('has the fallback asked', async () => {
    await using odd = await createOddProvider((response) => response.writeHead(301, { location: '/' }).end());
    await using good = await createOddProvider((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    );
    await using pipeline = createPipeline({
      providers: [
        { name: 'odd', baseUrl: odd.baseUrl },
        { name: 'good', baseUrl: good.baseUrl },
      ],
      routes: [{ model: 'm', targets: [{ provider: 'odd' }], fallbacks: [{ provider: 'good' }] }],
    });
    const { head, text } = await run(pipeline, chat('Tides', { model: 'm' }));
    expect([head?.status, head?.attempts, text]).toEqual([200, 2, body]);
  });
});
