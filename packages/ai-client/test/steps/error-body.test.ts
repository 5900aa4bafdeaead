import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  type CallRecord,
  createAiClient,
  createPipeline,
  type ExchangeRequest,
  openaiProvider,
  type Pipeline,
  type PipelineOptions,
} from '../../src/index.js';
import { rejection } from '../client/support/all.js';
import { createOddProvider, body as good, type OddProvider } from '../support/odd-provider.js';
import { chat, type Outcome, run } from '../support/run-exchange.js';

const tooMany = { error: { message: 'Slow down', code: 429 } };

interface Odd extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly provider: OddProvider;
  readonly records: CallRecord[];
}

/** A provider that gives these bodies with status 200, one after the other, the last one for ever. */
async function giving(
  bodies: readonly unknown[],
  options: Partial<PipelineOptions> = { maxRetries: 0 },
): Promise<Odd> {
  const left = [...bodies];
  const provider = await createOddProvider((response) => {
    const body = left.length > 1 ? left.shift() : left[0];
    response
      .writeHead(200, { 'content-type': 'application/json', 'retry-after-ms': '1' })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const records: CallRecord[] = [];
  const pipeline = createPipeline({
    providers: [openaiProvider(provider.baseUrl)],
    onCall: (record) => records.push(record),
    ...options,
  });
  return {
    pipeline,
    provider,
    records,
    async [Symbol.asyncDispose]() {
      await pipeline.close();
      await provider[Symbol.asyncDispose]();
    },
  };
}

async function given(body: unknown, request: ExchangeRequest = chat('Tides')): Promise<Outcome> {
  await using odd = await giving([body]);
  return await run(odd.pipeline, request);
}

const streams = [{}, { stream: true }];

describe('a body that is an error, with status 200', () => {
  it.each([
    [429, tooMany],
    [429, { error: { message: 'Slow down', code: '429' } }],
    [429, { error: { message: 'Slow down', type: 'rate_limit_error', code: null } }],
    [403, { error: { message: 'Flagged', code: 403, metadata: { reasons: ['x'] } }, user_id: 'u' }],
    [429, { error: { message: 'No credit', code: 'insufficient_quota' } }],
    [400, { object: 'error', message: 'Too long', type: 'BadRequestError', code: 400 }],
    [502, { error: 'out of memory' }],
    [502, { error: { message: 'out of memory' }, choices: [] }],
    [502, { error: { message: 'odd', code: 200 } }],
    [502, { error: { message: 'odd', code: 1302 } }],
  ])('is a %i, in the words of the provider: %j', async (status, body) => {
    for (const stream of streams) {
      const { head, text, error } = await given(body, chat('Tides', stream));
      expect(error).toBeUndefined();
      expect(head).toMatchObject({
        status,
        streamed: false,
        headers: { 'content-type': 'application/json' },
      });
      expect(JSON.parse(text)).toEqual(body);
    }
  });

  it.each([
    ['messages', 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    ['messages', 502, { type: 'error', error: { type: 'of_tomorrow', message: 'Odd' } }],
    ['responses', 503, { error: { message: 'Busy', code: 503 } }],
    ['embeddings', 429, tooMany],
  ] as const)('is one of every surface: %s', async (surface, status, body) => {
    const asked = {
      model: 'm',
      max_tokens: 9,
      input: 'Tides',
      messages: [{ role: 'user', content: 'Tides' }],
    };
    const { head, text } = await given(body, { surface, body: Buffer.from(JSON.stringify(asked)) });
    expect(head?.status).toBe(status);
    expect(JSON.parse(text)).toEqual(body);
  });

  it('is recorded as an error, and is not stored', async () => {
    await using odd = await giving([tooMany]);
    for (const stream of streams) {
      await run(odd.pipeline, chat('Tides', stream));
      const again = await run(odd.pipeline, chat('Tides', {}, { cache: { onlyIfCached: true } }));
      expect(again.error).toMatchObject({ code: 'AI_NOT_CACHED' });
    }
    expect(odd.records.filter(({ attempts }) => attempts > 0)).toMatchObject(
      streams.map(() => ({ status: 'error', httpStatus: 429 })),
    );
  });

  it('is tried again where that may help, and only there', async () => {
    const retried = { maxRetries: 2 };
    const busy = { error: { message: 'Busy', code: 503 } };
    await using odd = await giving([busy, good], retried);
    const outcome = await run(odd.pipeline, chat('Tides'));
    expect(outcome).toMatchObject({ head: { status: 200, attempts: 2 }, text: good });
    await using final = await giving([{ error: { message: 'Flagged', code: 403 } }, good], retried);
    expect((await run(final.pipeline, chat('Tides'))).head).toMatchObject({ status: 403, attempts: 1 });
  });

  it('makes the next in line answer', async () => {
    await using first = await giving([{ error: { message: 'Busy', code: 502 } }]);
    await using second = await giving([good]);
    await using pipeline = createPipeline({
      maxRetries: 0,
      providers: [
        openaiProvider(first.provider.baseUrl, undefined, 'first'),
        openaiProvider(second.provider.baseUrl, undefined, 'second'),
      ],
      routes: [
        {
          model: 'fast',
          targets: [{ provider: 'first', model: 'm' }],
          fallbacks: [{ provider: 'second', model: 'm' }],
        },
      ],
    });
    for (const stream of streams)
      expect((await run(pipeline, chat('Tides', { model: 'fast', ...stream }))).head).toMatchObject({
        status: 200,
        provider: 'second',
      });
  });

  it('is what an SDK takes for an error', async () => {
    await using odd = await giving([tooMany]);
    const client = new OpenAI({ apiKey: 'k', baseURL: odd.provider.baseUrl, fetch: odd.pipeline.fetch });
    const asked = client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'Tides' }],
    });
    const error = await rejection(asked);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ status: 429, error: tooMany.error });
    expect(odd.provider.asked).toHaveLength(1);
  });

  it('is an error of the client, with the status and the words', async () => {
    await using odd = await giving([tooMany]);
    const client = createAiClient({ pipeline: odd.pipeline, model: 'odd-1' });
    const schema = { jsonSchema: { type: 'object' }, validate: (value: unknown) => ({ value }) };
    for (const call of [
      () => client.generate('Tides'),
      () => client.generateJson('Tides', schema),
      () => client.embed('Tides', { model: 'odd-2' }),
    ])
      expect(await rejection(call())).toMatchObject({
        code: 'AI_PROVIDER',
        status: 429,
        retryable: true,
        message: expect.stringContaining('Slow down'),
      });
  });
});

describe('an answer that speaks of an error', () => {
  it.each([
    ['chat', { ...JSON.parse(good), error: null }],
    ['chat', { ...JSON.parse(good), error: { message: 'a warning' } }],
    ['responses', { object: 'response', status: 'failed', error: { code: 'server_error' }, output: [] }],
  ] as const)('is given as it came: %s %j', async (surface, body) => {
    const asked = { model: 'm', input: 'Tides', messages: [{ role: 'user', content: 'Tides' }] };
    const { head, text } = await given(body, { surface, body: Buffer.from(JSON.stringify(asked)) });
    expect(head?.status).toBe(200);
    expect(JSON.parse(text)).toEqual(body);
  });
});
