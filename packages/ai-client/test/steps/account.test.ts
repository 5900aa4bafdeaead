import { createCache } from '@ai-toolkit/core-cache';
import { createLimiter } from '@ai-toolkit/rate-limit';
import { expect, it } from 'vitest';
import { type Entry, entryCodec } from '../../src/index.js';
import { chat, run, start } from '../support/run-exchange.js';
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

it('a record of who left charges for no stored answer that others were given', async () => {
  const time = { now: Date.now() };
  const clock = { now: () => time.now };
  const cache = createCache<Entry>({ ttlMs: 60_000, memory: {}, codec: entryCodec, clock });
  await using stage = await createStage({ cache, maxRetries: 0 });
  await run(stage.pipeline, chat('old'));
  const [paid] = stage.records;
  time.now += 120_000;
  stage.simulator.setFaults('status=503; delay=50');
  const left = start(stage.pipeline, chat('old'));
  const joined = run(stage.pipeline, chat('old'));
  left.exchange.abort(new Error('I leave.'));
  expect((await joined).head?.cache).toBe('stale');
  const records = stage.records.slice(1);
  const gone = records.find(({ status }) => status === 'aborted');
  expect(gone).toMatchObject({ cache: 'miss', attempts: 1 });
  for (const name of ['usage', 'upstreamMs', 'similarity']) expect(gone).not.toHaveProperty(name);
  const stale = records.find(({ status }) => status === 'ok');
  expect(stale).toMatchObject({ cache: 'stale', usage: paid?.usage, upstreamMs: paid?.upstreamMs });
});
