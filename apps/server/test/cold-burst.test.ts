import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { describe, expect, it } from 'vitest';
import { createKey } from './support/keys.js';
import { askAlone } from './support/own-connection.js';
import { createHome, startServerProcess } from './support/server-process.js';

/** More than wait by themselves or go at once at first. */
const CALLS = 1500;

const chunk = (delta: object, finishReason: string | null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`;
const whole = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'All are here.' }, finish_reason: 'stop' }],
});

/** A provider that tells no limits, and ends no stream before all have begun. */
async function startProvider() {
  const begun: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { stream } = JSON.parse(Buffer.concat(pieces).toString()) as { stream?: boolean };
      if (stream !== true) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(whole);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ role: 'assistant', content: 'All ' }, null));
      begun.push(response);
      if (begun.length < CALLS) return;
      for (const waiting of begun)
        waiting.end(`${chunk({ content: 'are here.' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    openaiBaseUrl: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How many whole answers a server that has just been started gives to all who come at once; rejects when it refuses one. */
async function burst(
  environment: Record<string, string>,
  { stream, keyed = false }: { stream: boolean; keyed?: boolean },
): Promise<number> {
  await using provider = await startProvider();
  await using home = await createHome();
  const headers = keyed ? { authorization: `Bearer ${await createKey(home.path)}` } : {};
  await using server = await startServerProcess(home.path, {
    OPENAI_BASE_URL: provider.openaiBaseUrl,
    ...environment,
  });
  const answers = await Promise.all(
    Array.from({ length: CALLS }, async (_, call) => {
      const { status, text } = await askAlone(server.url, `Call ${call}`, { stream }, headers);
      if (status !== 200) throw new Error(`Refused with ${status}: ${await text}`);
      return text;
    }),
  );
  const end = stream ? 'data: [DONE]\n\n' : '}';
  return answers.filter((answer) => answer.includes('are here.') && answer.endsWith(end)).length;
}

describe('a server that knows nothing of the limits of its provider, and is asked for very much at once', () => {
  it('serves all streams, although none ends before all have begun', async () => {
    expect(await burst({}, { stream: true })).toBe(CALLS);
  });

  it('serves all who do not stream', async () => {
    expect(await burst({}, { stream: false })).toBe(CALLS);
  });

  it('serves all who come with a key', async () => {
    expect(await burst({}, { stream: true, keyed: true })).toBe(CALLS);
  });

  it('serves all with two workers', async () => {
    expect(await burst({ AI_TOOLKIT_WORKERS: '2' }, { stream: true })).toBe(CALLS);
  });
});

describeWithRedis('a server that shares its limits through Redis, and is asked for very much at once', () => {
  it('serves all streams, although none ends before all have begun', async () => {
    await using redis = await TestRedis.start();
    expect(await burst({ REDIS_URL: redis.url }, { stream: true })).toBe(CALLS);
  });
});
