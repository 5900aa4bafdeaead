import { describe, expect, it } from 'vitest';
import type { ExchangeFacts } from '../src/index.js';
import { createPipeline, openaiProvider } from '../src/index.js';
import { chat, run, start } from './support/run-exchange.js';
import { createStage } from './support/stage.js';

const withUsage = { stream: true, stream_options: { include_usage: true } };

describe('the facts of an answer', () => {
  it('tell how long the provider was waited for, by whoever waited', async () => {
    await using stage = await createStage({}, { faults: ['delay=200'] });
    const [first, joined] = await Promise.all([
      run(stage.pipeline, chat('x')),
      run(stage.pipeline, chat('x')),
    ]);
    expect(first.head?.upstreamMs).toBeGreaterThanOrEqual(198);
    expect(joined.head).toMatchObject({ cache: 'coalesced', attempts: 0 });
    expect(joined.head?.upstreamMs).toBeGreaterThan(0);
    expect(joined.head?.upstreamMs).toBeLessThanOrEqual(first.head?.upstreamMs ?? 0);
    const hit = await run(stage.pipeline, chat('x'));
    expect(hit.head).toMatchObject({ cache: 'hit', attempts: 0, upstreamMs: 0, model: 'gpt-4o-mini' });
  });

  it('hold the usage of an answer that is there as a whole', async () => {
    await using stage = await createStage();
    const { head, text } = await run(stage.pipeline, chat('x'));
    expect(head?.usage?.inputTokens).toBe(JSON.parse(text).usage.prompt_tokens);
    expect((await run(stage.pipeline, chat('y', { stream: true }))).head?.usage).toBeUndefined();
  });

  it('come with a failure as well', async () => {
    await using stage = await createStage({ maxRetries: 1 }, { faults: ['reset'] });
    const facts = await new Promise<ExchangeFacts>((resolve) => {
      stage.pipeline.exchange(chat('x', {}, { requestId: 'r' }), {
        onHead: () => {},
        onData: () => true,
        onEnd: () => {},
        onError: (_error, known) => resolve(known),
      });
    });
    expect(facts).toMatchObject({ requestId: 'r', cache: 'miss', attempts: 2, model: 'gpt-4o-mini' });
  });

  it('can be noted in the event that reports the usage, by whatever pieces and shape it comes', async () => {
    for (const fault of ['split=byte', 'crlf', 'frames-per-write=100']) {
      await using stage = await createStage({}, { faults: [fault] });
      const noteUsage = ({ cache }: ExchangeFacts, usage: object | undefined): Record<string, unknown> => ({
        note: { cache, usage },
      });
      for (const cache of ['miss', 'hit']) {
        const { text } = await run(stage.pipeline, chat('x', withUsage, { noteUsage, eventIds: true }));
        const noted = [...text.matchAll(/^data: (\{.*"note".*\})\r?$/gm)].map(([, json]) =>
          JSON.parse(json ?? ''),
        );
        expect(noted, `${fault} ${cache}`).toHaveLength(1);
        expect(noted[0].note).toMatchObject({
          cache,
          usage: {
            inputTokens: noted[0].usage.prompt_tokens,
            outputTokens: noted[0].usage.completion_tokens,
          },
        });
        expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
      }
      const plain = await run(stage.pipeline, chat('x', { stream: true }, { noteUsage }));
      expect(plain.text, fault).not.toContain('note');
    }
  });
});

describe('bounds of a call', () => {
  it('end it when it goes on for too long, and the provider with it', async () => {
    await using stage = await createStage({ maxCallMs: 200 }, { faults: ['delay=60000'] });
    const { error } = await run(stage.pipeline, chat('x'));
    expect(error).toMatchObject({ code: 'AI_TIMEOUT', status: 504 });
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(0);
    expect(stage.records.at(-1)).toMatchObject({ status: 'error', errorCode: 'AI_TIMEOUT' });
  });

  it('refuse a request that is nested deeper than any API knows', async () => {
    await using pipeline = createPipeline({ providers: [openaiProvider('http://127.0.0.1:9/v1')] });
    for (const depth of [600, 5000, 200_000]) {
      const messages = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      for (const bypass of ['', ',"n":3,"seed":1e400']) {
        const body = Buffer.from(`{"model":"m","messages":${messages}${bypass}}`);
        const { outcome } = start(pipeline, { surface: 'chat', body });
        expect((await outcome).error, `${depth} ${bypass}`).toMatchObject({ code: 'AI_REQUEST_INVALID' });
      }
    }
  });
});

describe('countTokens', () => {
  const ask = (model: string): { body: Buffer; signal: AbortSignal } => ({
    body: Buffer.from(JSON.stringify({ model, messages: [{ role: 'user', content: 'How many?' }] })),
    signal: new AbortController().signal,
  });

  it('asks the provider by its own name of the model, and estimates where nobody can be asked', async () => {
    await using stage = await createStage({
      routes: [{ model: 'short', targets: [{ model: 'claude-haiku-5-5' }] }],
    });
    const counted = await stage.pipeline.countTokens(ask('short'));
    expect(counted).toMatchObject({ status: 200, estimated: false });
    expect(JSON.parse(Buffer.from(counted.body).toString()).input_tokens).toBeGreaterThan(0);
    expect(JSON.stringify(stage.simulator.requests().at(-1))).toContain('claude-haiku-5-5');
    await using offline = createPipeline({
      providers: [openaiProvider(stage.simulator.openaiBaseUrl)],
      offline: true,
    });
    expect(await offline.countTokens(ask('m'))).toMatchObject({ status: 200, estimated: true });
    await expect(offline.countTokens({ ...ask('m'), body: Buffer.from('[]') })).rejects.toMatchObject({
      code: 'AI_REQUEST_INVALID',
    });
  });
});
