import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createPipeline, openaiProvider } from '../src/index.js';
import { chat, run } from './support/run-exchange.js';
import { createStage } from './support/stage.js';

describe('pipeline.secondChances', () => {
  it('counts retries, and which of them brought the answer', async () => {
    await using stage = await createStage({ maxRetries: 2 });
    const { pipeline, simulator } = stage;
    await run(pipeline, chat('At once'));
    simulator.setFaults('status=503; retry-after=1; retry-after-style=ms; times=1');
    await run(pipeline, chat('At the second attempt'));
    simulator.setFaults('status=503; retry-after=1; retry-after-style=ms');
    await run(pipeline, chat('Never'));
    expect(pipeline.secondChances()).toEqual({
      retries: 3,
      retriedCalls: 2,
      retriesPaidOff: 1,
      fallbacks: 0,
      fallbacksPaidOff: 0,
    });
  });

  it('counts fallbacks, and which of them brought the answer', async () => {
    await using one = await createSimulator();
    await using other = await createSimulator();
    await using pipeline = createPipeline({
      providers: [
        openaiProvider(one.openaiBaseUrl, undefined, 'one'),
        openaiProvider(other.openaiBaseUrl, undefined, 'other'),
      ],
      routes: [{ model: 'gpt*', targets: [{ provider: 'one' }], fallbacks: [{ provider: 'other' }] }],
      maxRetries: 0,
    });
    one.setFaults('status=500');
    await run(pipeline, chat('Answered by the other'));
    other.setFaults('status=500');
    await run(pipeline, chat('Answered by nobody'));
    expect(pipeline.secondChances()).toMatchObject({ fallbacks: 2, fallbacksPaidOff: 1, retries: 0 });
  });
});
