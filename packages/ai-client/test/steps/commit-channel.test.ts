import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

describe('the channel of answers that are stored', () => {
  it('tells of what is kept, and why anything else is not', async () => {
    await using stage = await createStage();
    const told: unknown[] = [];
    const listener = (message: unknown): void => void told.push(message);
    subscribe('ai-client:answer:commit', listener);
    try {
      await run(stage.pipeline, chat('Tides', {}, { cache: { ttlMs: 0 } }));
      await run(stage.pipeline, chat('Tides'));
    } finally {
      unsubscribe('ai-client:answer:commit', listener);
    }
    const key = expect.any(String);
    expect(told).toEqual([
      { key, stored: false, reason: 'its lifetime is over' },
      { key, stored: true },
    ]);
  });
});
