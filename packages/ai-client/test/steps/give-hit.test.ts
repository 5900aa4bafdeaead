import { describe, expect, it } from 'vitest';
import type { CallRecord, ExchangeFacts, ExchangeSink } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

/** A sink that takes everything but what `replaced` does. */
function sinkWith(replaced: Partial<ExchangeSink>): ExchangeSink {
  return { onHead: () => {}, onData: () => true, onEnd: () => {}, onError: () => {}, ...replaced };
}

describe('a stored answer that is given at once', () => {
  it('has the record of a hit', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('x'));
    const records: CallRecord[] = [];
    const onCall = (record: CallRecord): void => void records.push(record);
    const labels = { key: 'k' };
    const { head } = await run(stage.pipeline, chat('x', {}, { onCall, labels, requestId: 'r' }));
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      requestId: 'r',
      surface: 'chat',
      provider: head?.provider,
      model: 'gpt-4o-mini',
      tenant: 'default',
      streamed: false,
      cache: 'hit',
      status: 'ok',
      httpStatus: 200,
      attempts: 0,
      key: head?.key,
      labels,
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      upstreamMs: expect.any(Number),
      firstByteMs: expect.any(Number),
    });
    expect(records[0]?.durationMs).toBeGreaterThanOrEqual(records[0]?.firstByteMs ?? Number.NaN);
  });

  it.each(['onHead', 'onData'] as const)('ends with what its sink throws in %s', async (place) => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('x'));
    const records: CallRecord[] = [];
    const thrown = new Error('The sink has had enough.');
    const heard: [unknown, ExchangeFacts][] = [];
    const throws = (): never => {
      throw thrown;
    };
    const request = chat('x', {}, { onCall: (record) => void records.push(record) });
    const onError = (error: unknown, facts: ExchangeFacts): void => void heard.push([error, facts]);
    stage.pipeline.exchange(request, sinkWith({ [place]: throws, onError }));
    expect(heard).toEqual([[thrown, expect.objectContaining({ cache: 'hit', attempts: 0 })]]);
    expect(records).toEqual([expect.objectContaining({ cache: 'hit', status: 'error' })]);
    expect(stage.pipeline.stats().openCalls).toBe(0);
  });

  it('does not hear of what its sink throws when it has ended', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('x'));
    const heard: unknown[] = [];
    const onEnd = (): never => {
      throw new Error('Too late.');
    };
    stage.pipeline.exchange(chat('x'), sinkWith({ onEnd, onError: (error) => void heard.push(error) }));
    expect(heard).toEqual([]);
  });
});
