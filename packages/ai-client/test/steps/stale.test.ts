import { createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it } from 'vitest';
import { type Entry, entryCodec } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

const minute = 60_000;

/** A cache of a minute, and the time that it goes by. */
function minuteCache() {
  const time = { now: Date.now() };
  const clock = { now: () => time.now };
  return { time, cache: createCache<Entry>({ ttlMs: minute, memory: {}, codec: entryCodec, clock }) };
}

describe('an answer that has outlived its time', () => {
  it.each(['status=503', 'reset', 'status=429'])(
    'is given when the provider fails with %s',
    async (fault) => {
      const { time, cache } = minuteCache();
      await using stage = await createStage({ cache, maxRetries: 0 });
      const first = await run(stage.pipeline, chat('old'));
      time.now += 30 * minute;
      stage.simulator.setFaults(fault);
      const stale = await run(stage.pipeline, chat('old'));
      expect(stale).toMatchObject({ text: first.text, head: { status: 200, cache: 'stale' } });
      expect(stale.head?.ageMs).toBeGreaterThanOrEqual(30 * minute);
      expect(stage.records.at(-1)).toMatchObject({ cache: 'stale', status: 'ok' });

      stage.simulator.clearFaults();
      expect((await run(stage.pipeline, chat('old'))).head?.cache).toBe('miss');
    },
  );

  it('is given no longer than it is allowed', async () => {
    const { time, cache } = minuteCache();
    await using stage = await createStage({ cache, maxRetries: 0 });
    await run(stage.pipeline, chat('old'));
    stage.simulator.setFaults('status=503');
    time.now += 30 * minute;
    const refused = await run(stage.pipeline, chat('old', {}, { cache: { staleIfErrorMs: minute } }));
    expect(refused.head?.status).toBe(503);
    const strict = await run(stage.pipeline, chat('old', {}, { cache: { onlyIfCached: true } }));
    expect(strict.error).toMatchObject({ code: 'AI_NOT_CACHED' });
    time.now += 31 * minute;
    expect((await run(stage.pipeline, chat('old'))).head?.status).toBe(503);
  });

  it('is not given in place of what the request itself did wrong', async () => {
    const { time, cache } = minuteCache();
    await using stage = await createStage({ cache, maxRetries: 0 });
    await run(stage.pipeline, chat('old'));
    time.now += 2 * minute;
    stage.simulator.setFaults('status=400');
    expect((await run(stage.pipeline, chat('old'))).head?.status).toBe(400);
  });
});
