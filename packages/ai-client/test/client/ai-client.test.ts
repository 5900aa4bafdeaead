import { createLimiter } from '@ai-toolkit/rate-limit';
import { describe, expect, it } from 'vitest';
import { AiError, createAiClient } from '../../src/index.js';
import { createStage } from '../support/stage.js';
import { all } from './support/all.js';

describe('AiClient', () => {
  it('generates with nothing but a prompt, and says where the answer came from', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    const first = await client.generate('Say hello');
    expect(first).toMatchObject({
      cache: 'miss',
      attempts: 1,
      finishReason: 'stop',
      model: 'gpt-4o-mini',
      provider: 'openai-compatible',
    });
    expect(first.text).toMatch(/^Simulated/);
    expect(first.usage?.outputTokens).toBe(stage.simulator.stats().tokens.output);
    expect(await client.generate('Say hello')).toEqual({ ...first, cache: 'hit', attempts: 0 });
  });

  it('streams the same text, and ends with the whole generation', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: async () => 'gpt-4o-mini' });
    for (const cache of ['miss', 'hit']) {
      const events = await all(client.generateStreaming('Tell me of tides', { system: 'Be brief.' }));
      const last = events.at(-1);
      expect(last).toMatchObject({
        type: 'done',
        generation: { cache, usage: { inputTokens: expect.any(Number) } },
      });
      const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
      expect(last?.type === 'done' ? last.generation.text : '').toBe(text);
    }
    const whole = await client.generate('Tell me of tides', { system: 'Be brief.' });
    expect(whole.cache).toBe('hit');
  });

  it('explains a call without making it: the key that it would have, and whether it is answered', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    const options = { system: 'Be brief.', maxTokens: 50, temperature: 0 };
    const before = await client.explain('Say hello', options);
    expect(before).toMatchObject({ surface: 'chat', model: 'gpt-4o-mini', stored: { status: 'miss' } });
    expect(stage.simulator.stats().requests).toBe(0);
    expect((await client.generate('Say hello', options)).key).toBe(before.key);
    const after = await client.explain('Say hello', options);
    expect(after).toMatchObject({ key: before.key, stored: { status: 'hit' } });
    expect((await all(client.generateStreaming('Say hello', options))).at(-1)).toMatchObject({
      generation: { key: before.key, cache: 'hit' },
    });
    const bypassed = await client.explain('Say hello', { ...options, cache: { mode: 'bypass' } });
    expect(bypassed.bypassReason).toEqual(expect.any(String));
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('throws what the provider said, with a hint', async () => {
    await using stage = await createStage({}, { apiKeys: ['right'] });
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    for (const call of [client.generate('x'), all(client.generateStreaming('x'))]) {
      const error = await call.catch((thrown: unknown) => thrown);
      expect(AiError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        code: 'AI_PROVIDER',
        status: 401,
        retryable: false,
        hint: expect.any(String),
      });
    }
  });

  it.each([
    ['error-body', 'AI_PROVIDER'],
    ['empty-choices', 'AI_RESPONSE_INVALID'],
  ])('takes no %s with status 200 for an answer', async (fault, code) => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: [fault] });
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    for (const call of [client.generate('x'), all(client.generateStreaming('x'))])
      await expect(call).rejects.toMatchObject({ code, retryable: true });
  });

  it('gives the text that came before a stream broke, and then the error', async () => {
    await using stage = await createStage({}, { faults: ['cut-after=5'] });
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    const texts: string[] = [];
    const reading = (async () => {
      for await (const event of client.generateStreaming('A long text'))
        if (event.type === 'text') texts.push(event.text);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    expect(texts.length).toBeGreaterThan(0);
  });

  it('ends the call when the reader leaves, or the signal says so', async () => {
    await using stage = await createStage({}, { faults: ['chunk-delay=20'] });
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    for await (const _event of client.generateStreaming('A long text')) break;
    await expect.poll(() => stage.simulator.stats().abortedStreams).toBe(1);
    const reason = new Error('enough');
    await expect(client.generate('x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    stage.simulator.setFaults('delay=10000');
    const leaving = new AbortController();
    const call = client.generate('Another', { signal: leaving.signal });
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    leaving.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('passes every option on', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    await client.generate([{ role: 'user', content: 'Hi' }], {
      model: 'gpt-4o',
      maxTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      seed: 7,
      cache: { mode: 'bypass' },
      labels: { project: 'p', stage: '1' },
    });
    expect(stage.simulator.requests().at(-1)?.body).toMatchObject({
      model: 'gpt-4o',
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['END'],
      seed: 7,
    });
    expect(stage.records).toMatchObject([{ cache: 'bypass', labels: { project: 'p', stage: '1' } }]);
    await expect(client.generate('Hi', { cache: { mode: 'only-if-cached' } })).rejects.toMatchObject({
      code: 'AI_NOT_CACHED',
    });
    await expect(client.generate('  ')).rejects.toMatchObject({ code: 'AI_REQUEST_INVALID' });
  });

  it('waits for its turn by priority, and for a silent provider no longer than told', async () => {
    const limiter = createLimiter();
    const priorities: unknown[] = [];
    const acquireAtOnce = limiter.acquireAtOnce.bind(limiter);
    limiter.acquireAtOnce = (request) => {
      priorities.push(request.priority);
      return acquireAtOnce(request);
    };
    await using stage = await createStage({ limiter }, { faults: ['hang'] });
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini' });
    for (const bound of [{ idleTimeoutMs: 5 }, { timeoutMs: 5 }]) {
      await expect(client.generate('Hi', { priority: 7, ...bound })).rejects.toMatchObject({
        code: 'AI_TIMEOUT',
      });
    }
    expect(priorities).toEqual([7, 7]);
    limiter.close();
  });
});
