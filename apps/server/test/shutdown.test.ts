import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { readJson } from './support/read-json.js';
import { createStage, type Stage } from './support/stage.js';

interface OpenStream {
  readonly status: number;
  /** The whole of it. */
  readonly text: Promise<string>;
}

const anthropicBody = (prompt: string): unknown => ({
  model: 'claude-haiku-5-5',
  max_tokens: 500,
  stream: true,
  messages: [{ role: 'user', content: prompt }],
});

const openaiBody = (prompt: string): unknown => ({
  model: 'gpt-4o-mini',
  stream: true,
  messages: [{ role: 'user', content: prompt }],
});

/** Streams that have begun, half of them of each API. */
function openStreams(stage: Stage, count: number): Promise<OpenStream[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const isOpenai = index % 2 === 0;
      const prompt = `Write a long text about tide ${index}`;
      const response = await fetch(`${stage.url}${isOpenai ? '/v1/chat/completions' : '/v1/messages'}`, {
        method: 'POST',
        body: JSON.stringify(isOpenai ? openaiBody(prompt) : anthropicBody(prompt)),
      });
      return { status: response.status, text: response.text() };
    }),
  );
}

/** The server takes SIGTERM in its own time: it has, once it says so. */
async function untilDraining(stage: Stage): Promise<Response> {
  for (;;) {
    const response = await fetch(`${stage.url}/readyz`);
    if (response.status === 503) return response;
    await response.text();
  }
}

describe('SIGTERM under load of streams', () => {
  it('lets them end, tells newcomers to come back, and exits 0', async () => {
    await using stage = await createStage({ simulator: { faults: ['chunk-delay=10'] } });
    const streams = await openStreams(stage, 40);
    expect(streams.map(({ status }) => status)).toEqual(Array(40).fill(200));
    const ended = stage.server.end('SIGTERM');
    const ready = await untilDraining(stage);
    expect(ready.headers.get('retry-after')).toBe('1');
    expect(await readJson(ready)).toMatchObject({
      status: 'draining',
      checks: expect.arrayContaining([{ name: 'server', status: 'failed', reason: 'stopping' }]),
    });
    const late = await Promise.all([
      ask(stage.url, 'Too late'),
      ask(stage.url, 'Too late', { stream: true }),
      fetch(`${stage.url}/v1/messages`, { method: 'POST', body: JSON.stringify(anthropicBody('Late')) }),
    ]);
    expect(late.map(({ status }) => status)).toEqual([503, 503, 503]);
    for (const { headers } of late) expect(headers.get('retry-after')).toBe('1');
    expect(await (late[2] as Response).json()).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    const texts = await Promise.all(streams.map(({ text }) => text));
    for (const [index, text] of texts.entries())
      expect(text).toContain(index % 2 === 0 ? 'data: [DONE]' : 'event: message_stop');
    expect(await ended).toBe(0);
  });

  it('ends them with an error when its time is over, and exits 0', async () => {
    await using stage = await createStage({
      simulator: { faults: ['chunk-delay=1000'] },
      config: '[server]\ndrainMs = 300\n',
    });
    const streams = await openStreams(stage, 6);
    const waiting = ask(stage.url, '[simulator-fault: hang] Tides');
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(7);
    const ended = stage.server.end('SIGTERM');
    const texts = await Promise.all(streams.map(({ text }) => text));
    for (const [index, text] of texts.entries()) {
      expect(text).not.toContain(index % 2 === 0 ? '[DONE]' : 'message_stop');
      const last = text.trim().split('\n').at(-1) ?? '';
      expect(last).toContain('The server is stopping. Try again in a moment.');
      expect(JSON.parse(last.replace('data: ', ''))).toMatchObject(
        index % 2 === 0
          ? { error: { code: 'AI_CLOSED' } }
          : { type: 'error', error: { details: { error_code: 'AI_CLOSED' } } },
      );
    }
    const { status, headers, text } = await waiting;
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(text).toContain('The server is stopping.');
    expect(await ended).toBe(0);
  });

  it('does not wait for who only listens', async () => {
    await using stage = await createStage();
    const events = await fetch(`${stage.url}/api/usage/events`);
    const ended = stage.server.end('SIGTERM');
    expect(await events.text()).toContain(': open');
    expect(await ended).toBe(0);
  });

  it('does not wait for who has listened, and left', async () => {
    // Longer than a test may take.
    await using stage = await createStage({ config: '[server]\ndrainMs = 600000\n' });
    const { hostname, port } = new URL(stage.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /api/usage/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await once(socket, 'close');
    expect(await stage.server.end('SIGTERM')).toBe(0);
  });
});
