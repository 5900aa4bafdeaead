import { createLimiter } from '@ai-toolkit/rate-limit';
import { expect, it } from 'vitest';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

it('a record tells the wait for a turn apart from the wait for the provider', async () => {
  await using stage = await createStage(
    { limiter: createLimiter({ limits: { maxConcurrent: 1 } }) },
    { faults: ['delay=100'] },
  );
  await Promise.all([run(stage.pipeline, chat('first')), run(stage.pipeline, chat('second'))]);
  const [first, second] = stage.records;
  for (const record of [first, second]) {
    expect(record?.providerWaitMs).toBeGreaterThanOrEqual(99);
    expect(record?.upstreamMs).toBeGreaterThanOrEqual(record?.providerWaitMs ?? Number.NaN);
  }
  expect(second?.queuedMs).toBeGreaterThanOrEqual(99);
  expect(first?.queuedMs).toBeLessThan(second?.queuedMs ?? 0);
  // Whoever waited for a turn was not kept waiting by the provider.
  expect((second?.upstreamMs ?? 0) + (second?.queuedMs ?? 0)).toBeLessThanOrEqual(second?.durationMs ?? 0);

  await run(stage.pipeline, chat('first'));
  const hit = stage.records.at(-1);
  expect(hit?.cache).toBe('hit');
  for (const name of ['queuedMs', 'providerWaitMs', 'fallbacks', 'askedModel'])
    expect(hit).not.toHaveProperty(name);
});

it('a record tells of a call that was never sent, and of no other', async () => {
  await using stage = await createStage();
  stage.simulator.setFaults('reset; times=3');
  await run(stage.pipeline, chat('reset by the provider'));
  await stage.simulator.close();
  await run(stage.pipeline, chat('nobody listens'));
  const [reset, unsent] = stage.records;
  expect(reset).toMatchObject({ errorCode: 'AI_UNREACHABLE', attempts: 3 });
  expect(reset).not.toHaveProperty('unsent');
  // The fifth failure in a row opens the circuit, so that the third attempt may not be made.
  expect(unsent).toMatchObject({ errorCode: 'AI_UNREACHABLE', unsent: true });
});
