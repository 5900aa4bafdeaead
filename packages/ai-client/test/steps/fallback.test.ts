import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { type ModelRoute, openaiProvider, type PipelineOptions } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage, type Stage } from '../support/stage.js';

/** A stage whose providers `first` and `second` are two simulators. */
async function createPair(
  routes: readonly ModelRoute[],
  options: Partial<PipelineOptions> = {},
): Promise<Stage & { readonly second: Simulator }> {
  const first = await createSimulator();
  const second = await createSimulator();
  const stage = await createStage({
    maxRetries: 0,
    routes,
    providers: [
      openaiProvider(first.openaiBaseUrl, undefined, 'first'),
      openaiProvider(second.openaiBaseUrl, undefined, 'second'),
    ],
    ...options,
  });
  await stage.simulator.close();
  return {
    ...stage,
    simulator: first,
    second,
    [Symbol.asyncDispose]: async () => {
      await stage[Symbol.asyncDispose]();
      await Promise.all([first.close(), second.close()]);
    },
  };
}

const withFallback: ModelRoute = {
  model: 'fast',
  targets: [{ provider: 'first', model: 'gpt-4o-mini' }],
  fallbacks: [{ provider: 'second', model: 'gpt-4o' }],
};

describe('routes', () => {
  it('sends the alias as the model that it stands for, and the rest untouched', async () => {
    await using pair = await createPair([withFallback]);
    const source = '{"model":"fast", "seed":9007199254740993,"messages":[{"role":"user","content":"ü"}]}';
    const outcome = await run(pair.pipeline, { surface: 'chat', body: Buffer.from(source) });
    expect(outcome.head).toMatchObject({ status: 200, provider: 'first' });
    expect(pair.simulator.requests().at(-1)?.body).toMatchObject({ model: 'gpt-4o-mini' });
    expect(pair.records).toMatchObject([{ provider: 'first', model: 'gpt-4o-mini' }]);
    // The alias and what it stands for are the same request.
    const direct = await run(pair.pipeline, {
      surface: 'chat',
      body: Buffer.from(source.replace('fast', 'first/gpt-4o-mini')),
    });
    expect(direct.head).toMatchObject({ cache: 'hit', key: outcome.head?.key });
  });

  it.each(['status=503', 'status=401', 'reset'])(
    'asks the fallback after %s, streamed and not',
    async (fault) => {
      await using pair = await createPair([withFallback]);
      pair.simulator.setFaults(fault);
      for (const stream of [false, true]) {
        const outcome = await run(pair.pipeline, chat(`hello ${stream}`, { model: 'fast', stream }));
        expect(outcome.head).toMatchObject({ status: 200, provider: 'second', attempts: 2 });
      }
      expect(pair.records.at(-1)).toMatchObject({ status: 'ok', provider: 'second', model: 'gpt-4o' });
    },
  );

  it('asks the fallback at once after a 429, and as long as its pause goes on', async () => {
    await using pair = await createPair([withFallback], { maxRetries: 2 });
    // Whoever waited for this would not be back before the test is over.
    pair.simulator.setFaults('status=429; retry-after=50000');
    for (const [stream, attempts] of [
      [false, 2],
      [true, 1],
    ] as const) {
      const outcome = await run(pair.pipeline, chat(`hello ${stream}`, { model: 'fast', stream }));
      expect(outcome.head).toMatchObject({ status: 200, provider: 'second', attempts });
    }
    expect(pair.simulator.stats().requests).toBe(1);
  });

  it('waits for the pause of the first one where the others fail', async () => {
    await using pair = await createPair([withFallback]);
    pair.simulator.setFaults('status=429; retry-after=20; retry-after-style=ms; times=1');
    pair.second.setFaults('status=500');
    const outcome = await run(pair.pipeline, chat('patience', { model: 'fast' }));
    expect(outcome.head).toMatchObject({ status: 200, provider: 'first', attempts: 3 });
    expect(pair.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });

  it('looks for the answer of a similar question once, also where the first one is asked twice', async () => {
    let lookups = 0;
    const count = (): number => ++lookups;
    subscribe('ai-client:semantic:lookup', count);
    try {
      const embed = async (texts: readonly string[]): Promise<number[][]> => texts.map(() => [1, 0]);
      await using pair = await createPair([withFallback], { semantic: { embed, timeoutMs: 10_000 } });
      pair.simulator.setFaults('status=429; retry-after=20; retry-after-style=ms; times=1');
      pair.second.setFaults('status=500');
      const outcome = await run(pair.pipeline, chat('patience', { model: 'fast' }));
      expect(outcome.head).toMatchObject({ status: 200, provider: 'first', attempts: 3 });
      expect(lookups).toBe(1);
    } finally {
      unsubscribe('ai-client:semantic:lookup', count);
    }
  });

  it('says what was said when all are out of their limits', async () => {
    await using pair = await createPair([withFallback]);
    for (const simulator of [pair.simulator, pair.second])
      simulator.setFaults('status=429; retry-after=20; retry-after-style=ms');
    const outcome = await run(pair.pipeline, chat('nobody', { model: 'fast' }));
    expect(outcome.head).toMatchObject({ status: 429, attempts: 4 });
    expect([pair.simulator, pair.second].map((simulator) => simulator.stats().requests)).toEqual([2, 2]);
  });

  it('keeps the answer of a fallback under its own key', async () => {
    await using pair = await createPair([withFallback]);
    pair.simulator.setFaults('status=503');
    const fromSecond = await run(pair.pipeline, chat('whose?', { model: 'fast' }));
    // Still down: what the fallback said is known by now.
    const again = await run(pair.pipeline, chat('whose?', { model: 'fast' }));
    expect(again.head).toMatchObject({ cache: 'hit', provider: 'second', key: fromSecond.head?.key });
    pair.simulator.clearFaults();
    const fromFirst = await run(pair.pipeline, chat('whose?', { model: 'fast' }));
    expect(fromFirst.head).toMatchObject({ cache: 'miss', provider: 'first' });
  });

  it('does not ask another when the request itself is wrong', async () => {
    await using pair = await createPair([withFallback]);
    pair.simulator.setFaults('status=400');
    expect((await run(pair.pipeline, chat('wrong', { model: 'fast' }))).head?.status).toBe(400);
    expect(pair.second.stats().requests).toBe(0);
  });

  it('does not ask another when the answer has begun', async () => {
    await using pair = await createPair([withFallback]);
    pair.simulator.setFaults('cut-after=3');
    const outcome = await run(pair.pipeline, chat('broken midway', { model: 'fast', stream: true }));
    expect(outcome.error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    expect(pair.second.stats().requests).toBe(0);
  });

  it('gives what the last one said when none answers', async () => {
    await using pair = await createPair([withFallback]);
    pair.simulator.setFaults('status=503');
    pair.second.setFaults('status=500');
    expect((await run(pair.pipeline, chat('nobody', { model: 'fast' }))).head).toMatchObject({
      status: 500,
      provider: 'second',
    });
  });

  it('gives up on a silent target after its own time', async () => {
    await using pair = await createPair([
      { ...withFallback, targets: [{ provider: 'first', model: 'gpt-4o-mini', idleTimeoutMs: 50 }] },
    ]);
    pair.simulator.setFaults('hang');
    const outcome = await run(pair.pipeline, chat('anyone?', { model: 'fast' }));
    expect(outcome.head).toMatchObject({ status: 200, provider: 'second' });
  });

  it('spreads requests by weight, and the same request always to the same target', async () => {
    await using pair = await createPair([
      {
        model: 'gpt-4o-mini',
        targets: [
          { provider: 'first', weight: 3 },
          { provider: 'second', weight: 1 },
        ],
      },
    ]);
    const prompts = Array.from({ length: 200 }, (_, index) => `prompt ${index}`);
    for (const prompt of prompts) await run(pair.pipeline, chat(prompt));
    const [first, second] = [pair.simulator.stats().requests, pair.second.stats().requests];
    expect(first + second).toBe(200);
    // Binomial with p = 3/4: 150 expected, 6.1 standard deviation. The keys are the same in each run but for the ports.
    expect(first).toBeGreaterThan(115);
    expect(first).toBeLessThan(185);
    for (const prompt of prompts) await run(pair.pipeline, chat(prompt));
    expect(pair.simulator.stats().requests + pair.second.stats().requests).toBe(200);
  });
});
