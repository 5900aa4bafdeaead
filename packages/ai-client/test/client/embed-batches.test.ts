import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createAiClient, createPipeline, openaiProvider } from '../../src/index.js';
import { parseJsonObject } from '../../src/json.js';
import { rejection } from './support/all.js';

const texts = Array.from({ length: 150 }, (_, index) => `${index}`);

/** What becomes of two calls for so many texts at a server that takes 40 at once, and how many each request had. */
async function embedded(
  status: number,
  error: object,
): Promise<{ readonly vectors: number[]; readonly failure: unknown; readonly sizes: number[] }> {
  const sizes: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const inputs = parseJsonObject(Buffer.concat(chunks).toString())?.input as string[];
      sizes.push(inputs.length);
      const data = inputs.map((text, index) => ({ index, embedding: [Number(text)] }));
      const isTaken = inputs.length <= 40;
      response.writeHead(isTaken ? 200 : status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isTaken ? { data, model: 'e', usage: { prompt_tokens: 1 } } : error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using pipeline = createPipeline({ providers: [openaiProvider(`http://127.0.0.1:${port}/v1`)] });
  const client = createAiClient({ pipeline, embeddingModel: 'e' });
  try {
    const { vectors, usage } = await client.embed(texts);
    expect(usage).toEqual({ inputTokens: 6, outputTokens: 0 });
    await client.embed(texts.map((text) => `500${text}`));
    return { vectors: vectors.flatMap((vector) => [...vector]), failure: undefined, sizes };
  } catch (failure) {
    return { vectors: [], failure, sizes };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

it.each([
  [413, { error: 'batch size 150 > maximum allowed batch size 40', error_type: 'Validation' }],
  [400, [{ error: { code: 400, message: 'at most 40 requests can be in one batch' } }]],
])('a server that takes fewer texts at once is given fewer, from then on: %i', async (status, error) => {
  const { vectors, sizes, failure } = await embedded(status, error);
  expect(failure).toBeUndefined();
  expect(vectors).toEqual(texts.map(Number));
  expect(sizes).toEqual([150, 75, 37, 37, 1, 37, 37, 1, 37, 37, 37, 37, 2]);
});

it('a refusal for something else is the end of the call', async () => {
  const { failure, sizes } = await embedded(400, { error: { message: 'no such model' } });
  expect(failure).toMatchObject({ code: 'AI_PROVIDER', status: 400 });
  expect(sizes).toEqual([150]);
});

it('one text that is too large is refused', async () => {
  const server = createServer((_request, response) => response.writeHead(413).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using pipeline = createPipeline({ providers: [openaiProvider(`http://127.0.0.1:${port}/v1`)] });
  const client = createAiClient({ pipeline, embeddingModel: 'e' });
  expect(await rejection(client.embed('a'))).toMatchObject({ code: 'AI_PROVIDER', status: 413 });
  server.close();
});
