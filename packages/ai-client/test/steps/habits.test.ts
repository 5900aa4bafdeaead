import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAiClient, createPipeline, openaiProvider, type Pipeline } from '../../src/index.js';
import { isJsonObject, type JsonObject, parseJsonObject } from '../../src/json.js';
import { all } from '../client/support/all.js';
import { chat, run } from '../support/run-exchange.js';

interface Stage extends AsyncDisposable {
  readonly pipeline: Pipeline;
  /** Bodies of the requests so far. */
  readonly asked: JsonObject[];
}

/** A server that refuses requests by a rule, as Mistral's and older ones of Azure do, and streams an answer to the others. */
async function createStrictServer(refuse: (body: JsonObject) => JsonObject | undefined): Promise<Stage> {
  const asked: JsonObject[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = parseJsonObject(Buffer.concat(chunks).toString()) ?? {};
      asked.push(body);
      const refusal = refuse(body);
      if (refusal !== undefined) {
        response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
        return;
      }
      const said = { role: 'assistant', content: 'Six.' };
      const choice = { index: 0, [body.stream === true ? 'delta' : 'message']: said, finish_reason: 'stop' };
      const chunk = { choices: [choice], usage: { prompt_tokens: 4, completion_tokens: 2 } };
      if (body.stream !== true) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(chunk));
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pipeline = createPipeline({ providers: [openaiProvider(`http://127.0.0.1:${port}/v1`)] });
  return {
    pipeline,
    asked,
    async [Symbol.asyncDispose]() {
      await pipeline.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

const extraForbidden = ({ stream_options }: JsonObject): JsonObject | undefined =>
  stream_options === undefined
    ? undefined
    : {
        object: 'error',
        message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options', 'include_usage'] }] },
      };
const stream = { stream: true };

describe('a server that refuses to be asked for the usage of a stream', () => {
  it('is asked again without, and not asked for it any more', async () => {
    await using stage = await createStrictServer(extraForbidden);
    const first = await run(stage.pipeline, chat('Tides?', stream));
    expect(first.head).toMatchObject({ status: 200, attempts: 2 });
    expect(first.text).toContain('Six.');
    expect(stage.asked.map((body) => 'stream_options' in body)).toEqual([true, false]);
    const second = await run(stage.pipeline, chat('And tomorrow?', stream));
    expect(second.head).toMatchObject({ status: 200, attempts: 1 });
    expect(stage.asked.map((body) => 'stream_options' in body)).toEqual([true, false, false]);
  });

  it('answers also who asks for it: many clients cannot be told not to', async () => {
    await using stage = await createStrictServer(extraForbidden);
    const client = createAiClient({ pipeline: stage.pipeline, model: 'mistral-large' });
    for (const prompt of ['Tides?', 'And tomorrow?']) {
      const events = await all(client.generateStreaming(prompt));
      const usage = { inputTokens: 4, outputTokens: 2 };
      expect(events.at(-1)).toMatchObject({ generation: { text: 'Six.', usage } });
    }
    expect(stage.asked).toHaveLength(3);
  });
});

describe('a server that knows the limit of an answer by another name', () => {
  const older = (body: JsonObject): JsonObject | undefined =>
    body.model === 'my-five' && 'max_tokens' in body
      ? {
          error: {
            message:
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            param: 'max_tokens',
          },
        }
      : undefined;
  const newer = ({ max_completion_tokens }: JsonObject): JsonObject | undefined =>
    max_completion_tokens === undefined
      ? undefined
      : { detail: [{ type: 'extra_forbidden', loc: ['body', 'max_completion_tokens'] }] };
  const limits = ({ asked }: Stage): unknown =>
    asked.map(({ max_tokens, max_completion_tokens }) => [max_tokens, max_completion_tokens]);

  it('is told it by that name, as a deployment at Azure of any name', async () => {
    await using stage = await createStrictServer(older);
    const client = createAiClient({ pipeline: stage.pipeline, model: 'my-five' });
    for (const prompt of ['Tides?', 'And tomorrow?'])
      expect((await client.generate(prompt, { maxTokens: 9 })).text).toBe('Six.');
    await client.generate('Tides?', { maxTokens: 9, model: 'my-four' });
    expect(limits(stage)).toEqual([
      [9, undefined],
      [undefined, 9],
      [undefined, 9],
      [9, undefined],
    ]);
  });

  it('is told it by the older one, which every server knows', async () => {
    await using stage = await createStrictServer((body) => newer(body) ?? extraForbidden(body));
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-5-mini' });
    for (const prompt of ['Tides?', 'And tomorrow?'])
      expect((await all(client.generateStreaming(prompt, { maxTokens: 9 }))).at(-1)).toMatchObject({
        generation: { text: 'Six.' },
      });
    expect(limits(stage)).toEqual([
      [undefined, 9],
      [9, undefined],
      [9, undefined],
      [9, undefined],
    ]);
    expect(stage.asked.at(-1)).not.toHaveProperty('stream_options');
  });

  it('refuses a limit that is too high in the words of its caller', async () => {
    await using stage = await createStrictServer(({ max_tokens, max_completion_tokens }) => {
      const name = max_tokens === undefined ? 'max_completion_tokens' : 'max_tokens';
      return { error: { message: `Invalid '${name}': ${max_tokens ?? max_completion_tokens} is too high.` } };
    });
    const { head, text } = await run(stage.pipeline, chat('Tides?', { max_completion_tokens: 1e9 }));
    expect(head).toMatchObject({ status: 422 });
    expect(text).toContain("Invalid 'max_completion_tokens'");
  });
});

describe('a refusal that is about something else', () => {
  it('is given as it came, and the usage is asked for as before', async () => {
    // A server that repeats what it was sent.
    await using stage = await createStrictServer((body) =>
      body.temperature === 9 ? { detail: [{ loc: ['body'], input: body }] } : undefined,
    );
    const refused = await run(stage.pipeline, chat('Tides?', { ...stream, temperature: 9 }));
    expect(refused.head).toMatchObject({ status: 422 });
    await run(stage.pipeline, chat('Tides?', stream));
    expect(stage.asked.at(-1)).toMatchObject({ stream_options: { include_usage: true } });
  });

  it('is that of an option of the stream which the caller has set', async () => {
    await using stage = await createStrictServer(({ stream_options }) =>
      isJsonObject(stream_options) && 'include_obfuscation' in stream_options
        ? { error: { message: "Unknown parameter: 'stream_options.include_obfuscation'." } }
        : undefined,
    );
    const options = { stream_options: { include_obfuscation: false } };
    const { head, text } = await run(stage.pipeline, chat('Tides?', { ...stream, ...options }));
    expect(head).toMatchObject({ status: 422, attempts: 1 });
    expect(text).toContain('include_obfuscation');
  });
});
