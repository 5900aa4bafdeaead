import { createLimiter } from '@ai-toolkit/rate-limit';
import { describe, expect, it } from 'vitest';
import { chat, run, start } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

/** What people complained of in other gateways' streams, where no other test of this package holds it. */

const gone = new Error('gone');

describe('a caller who leaves', () => {
  it.each([
    ['before the first token of a stream', { stream: true }, 'hang'],
    ['in the middle of a stream', { stream: true }, 'hang-after=2'],
    ['during a call that is not streamed', {}, 'hang'],
  ] as const)('ends the call at the provider: %s', async (_, body, fault) => {
    await using stage = await createStage({}, { faults: [fault] });
    const running = start(stage.pipeline, chat('Leaving', body));
    if (fault === 'hang') await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    else await running.firstBytes;
    running.exchange.abort(gone);
    expect((await running.outcome).error).toBe(gone);
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(0);
  });

  it('ends the call by its signal, through fetch and its body as well', async () => {
    await using stage = await createStage({}, { faults: ['hang-after=2'] });
    const url = `${stage.simulator.openaiBaseUrl}/chat/completions`;
    const body = chat('Leaving', { stream: true }).body as Uint8Array<ArrayBuffer>;
    const response = await stage.pipeline.fetch(url, { method: 'POST', body });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel(gone);
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(0);
  });
});

describe('a slot of the limiter', () => {
  it('is given back whatever becomes of the call: hit, failure, refusal, timeout, abort', async () => {
    using limiter = createLimiter({ limits: { maxConcurrent: 1 }, adaptive: false });
    await using stage = await createStage({ limiter, maxRetries: 0 });
    const shapes = [{}, { stream: true }];
    for (const body of shapes) {
      for (const fault of [
        'status=500',
        'status=400',
        'reset',
        'cut-after=2',
        'error-body',
        'truncate',
        'no-terminal',
      ]) {
        stage.simulator.setFaults(`${fault}; times=1`);
        await run(stage.pipeline, chat(`Fault ${fault}`, body));
      }
      stage.simulator.setFaults('hang');
      await run(stage.pipeline, chat('Idle', body, { idleTimeoutMs: 20 }));
      await run(stage.pipeline, chat('Timeout', body, { timeoutMs: 20 }));
      const leaving = start(stage.pipeline, chat('Leaving', body));
      await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
      // One waits for the slot, and leaves as well.
      const waiting = start(stage.pipeline, chat('Waiting', body));
      waiting.exchange.abort(gone);
      leaving.exchange.abort(gone);
      await Promise.all([leaving.outcome, waiting.outcome]);
      stage.simulator.clearFaults();
      await run(stage.pipeline, chat('Kept', body));
      await run(stage.pipeline, chat('Kept', body));
    }
    const keys = Object.values(limiter.snapshot().keys);
    expect(keys.map(({ concurrency, queue }) => [concurrency.used, queue.depth])).toEqual([[0, 0]]);
    expect((await run(stage.pipeline, chat('The last one'))).error).toBeUndefined();
  });
});

describe('a stream', () => {
  it('gives its first bytes before the rest is there, through fetch as well', async () => {
    await using stage = await createStage({}, { faults: ['hang-after=2'] });
    const running = start(stage.pipeline, chat('Bytes', { stream: true }));
    expect(await running.firstBytes).toContain('data: ');
    expect(stage.simulator.stats().inFlight).toBe(1);
    const url = `${stage.simulator.openaiBaseUrl}/chat/completions`;
    const body = chat('By fetch', { stream: true }).body as Uint8Array<ArrayBuffer>;
    const response = await stage.pipeline.fetch(url, { method: 'POST', body });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toContain('data: ');
    expect(stage.simulator.stats().inFlight).toBe(2);
    running.exchange.abort(gone);
    await reader?.cancel();
  });

  it('may last longer than any silence in it is allowed to', async () => {
    await using stage = await createStage({}, { faults: ['chunk-delay=25'] });
    const long = chat(
      'Long [simulator-answer: tokens=80; chunks=40]',
      { stream: true },
      { idleTimeoutMs: 500 },
    );
    const startedAt = performance.now();
    const { error, text } = await run(stage.pipeline, long);
    expect(performance.now() - startedAt).toBeGreaterThan(500);
    expect(error).toBeUndefined();
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('that its provider breaks off never ends cleanly, for none of its callers', async () => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: ['cut-after=6; chunk-delay=2'] });
    const first = start(stage.pipeline, chat('Broken', { stream: true }));
    await first.firstBytes;
    const outcomes = await Promise.all([
      first.outcome,
      run(stage.pipeline, chat('Broken', { stream: true })),
      run(stage.pipeline, chat('Broken')),
    ]);
    for (const { error, text } of outcomes) {
      expect(error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
      expect(text).not.toContain('[DONE]');
    }
  });
});
