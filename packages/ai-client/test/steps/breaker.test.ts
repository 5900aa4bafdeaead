import { createBreaker } from '@ai-toolkit/rate-limit';
import { describe, expect, it } from 'vitest';
import { chat, run, start } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

describe('the breaker around a provider', () => {
  it('refuses at once while the provider keeps failing, asks nobody, and heals by itself', async () => {
    const breaker = createBreaker({ openMs: 1000, maxOpenMs: 1000 });
    await using stage = await createStage({ breaker, maxRetries: 0 }, { faults: ['status=503'] });
    for (let call = 0; call < 5; call++) await run(stage.pipeline, chat(`call ${call}`));
    const refused = await run(stage.pipeline, chat('one more'));
    expect(refused.error).toMatchObject({ code: 'LIMIT_CIRCUIT_OPEN', retryable: true });
    expect(refused.head).toBeUndefined();
    expect(stage.records.at(-1)).toMatchObject({ status: 'error', errorCode: 'LIMIT_CIRCUIT_OPEN' });
    expect(stage.simulator.stats().requests).toBe(5);

    stage.simulator.clearFaults();
    await expect
      .poll(async () => (await run(stage.pipeline, chat('one more'))).head?.status, {
        interval: 50,
        timeout: 10_000,
      })
      .toBe(200);
    expect(Object.values(breaker.snapshot())).toMatchObject([{ state: 'closed', failures: 0 }]);
  });

  it('still answers from the cache', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    const known = await run(stage.pipeline, chat('known'));
    stage.simulator.setFaults('status=500');
    for (let call = 0; call < 6; call++) await run(stage.pipeline, chat(`call ${call}`));
    const again = await run(stage.pipeline, chat('known'));
    expect(again).toMatchObject({ text: known.text, head: { cache: 'hit' } });
  });

  it.each(['status=400', 'status=401', 'status=404', 'status=429'])(
    'takes %s for an answer of a healthy server',
    async (fault) => {
      const breaker = createBreaker({ failures: 1 });
      await using stage = await createStage({ breaker, maxRetries: 0 }, { faults: [fault] });
      await run(stage.pipeline, chat('hello'));
      expect(Object.values(breaker.snapshot())).toMatchObject([{ state: 'closed', failures: 0 }]);
    },
  );

  it('takes a caller who leaves for no verdict', async () => {
    const breaker = createBreaker({ failures: 1 });
    await using stage = await createStage({ breaker, maxRetries: 0 }, { faults: ['hang'] });
    const running = start(stage.pipeline, chat('hello'));
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    running.exchange.abort(new Error('gone'));
    await running.outcome;
    expect(Object.values(breaker.snapshot())).toMatchObject([{ state: 'closed', failures: 0 }]);
  });
});
