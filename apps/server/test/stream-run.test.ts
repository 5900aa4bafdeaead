import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { streamRun } from '../src/api/stream-run.js';

type Events = AsyncGenerator<{ type: string; error?: unknown }, void, void>;

async function streamed(run: () => Events): Promise<string> {
  await using app = fastify();
  app.get('/', async (_request, reply) => {
    await streamRun(reply, new AbortController().signal, run);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return await (await fetch(`http://127.0.0.1:${port}/`)).text();
}

it('a run that breaks says why, once', async () => {
  const between = await streamed(async function* () {
    yield { type: 'start' };
    throw new Error('The disk is full.');
  });
  expect(between.match(/^event: .*$/gm)).toEqual(['event: start', 'event: failed', 'event: end']);
  const inStage = await streamed(async function* () {
    yield { type: 'start' };
    const error = new Error('No model.');
    yield { type: 'failed', error };
    yield { type: 'skipped' };
    throw error;
  });
  expect(inStage.match(/^event: .*$/gm)?.join()).toBe('event: start,event: failed,event: skipped,event: end');
  expect(inStage).toContain('{"ok":false}');
});
