import type { SimulatorOptions } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { chat, run, start } from './support/run-exchange.js';
import { createStage, type Stage } from './support/stage.js';

const prompt = 'Write a long text about tides, with a heading for each of the seven seas';
const shapes = [{}, { stream: true }] as const;

function stageWith(
  fault: string,
  options: Parameters<typeof createStage>[0] = {},
  simulator: SimulatorOptions = {},
): Promise<Stage> {
  return createStage(options, { ...simulator, faults: [fault] });
}

/** What was asked again without the fault must come from the provider: nothing of the broken answer was stored. */
async function expectNothingStored(stage: Stage, body: Record<string, unknown>): Promise<void> {
  stage.simulator.clearFaults();
  const again = await run(stage.pipeline, chat(prompt, body));
  expect(again.head?.cache).toBe('miss');
  expect(again.error).toBeUndefined();
  expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
}

describe.each(shapes)('faults, %j', (body) => {
  it.each(['status=500', 'status=503', 'reset'])('retries %s and then answers', async (fault) => {
    await using stage = await createStage({}, { faults: [{ ...parse(fault), times: 1 }] });
    const outcome = await run(stage.pipeline, chat(prompt, body));
    expect(outcome).toMatchObject({ error: undefined, head: { status: 200, attempts: 2 } });
    expect(stage.records).toMatchObject([{ status: 'ok', attempts: 2 }]);
  });

  it('gives the last error as the provider wrote it', async () => {
    await using stage = await stageWith('status=503', { maxRetries: 1 });
    const outcome = await run(stage.pipeline, chat(prompt, body));
    expect(outcome.head).toMatchObject({ status: 503, streamed: false, attempts: 2 });
    expect(JSON.parse(outcome.text).error).toBeDefined();
    expect(stage.records).toMatchObject([{ status: 'error', httpStatus: 503 }]);
    await expectNothingStored(stage, body);
  });

  it('never retries exhausted credit', async () => {
    await using stage = await stageWith('status=429; error=insufficient_quota');
    const outcome = await run(stage.pipeline, chat(prompt, body));
    expect(outcome.head).toMatchObject({ status: 429, attempts: 1 });
    expect(JSON.parse(outcome.text).error.code).toBe('insufficient_quota');
  });

  it('obeys x-should-retry', async () => {
    await using stage = await stageWith('status=500; should-retry=false');
    expect((await run(stage.pipeline, chat(prompt, body))).head).toMatchObject({ status: 500, attempts: 1 });
  });

  it('fails on an answer whose connection breaks', async () => {
    await using stage = await stageWith('cut-after=3', { maxRetries: 0 });
    const outcome = await run(stage.pipeline, chat(prompt, body));
    expect(outcome.error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE', retryable: true });
    expect(outcome.text).not.toContain('[DONE]');
    expect(stage.records).toMatchObject([{ status: 'error', errorCode: 'AI_STREAM_INCOMPLETE' }]);
    await expectNothingStored(stage, body);
  });

  it.each(['empty-choices', 'content-filter', 'no-finish-reason', 'error-body'])(
    'does not store %s',
    async (fault) => {
      await using stage = await stageWith(fault, { maxRetries: 0 });
      await run(stage.pipeline, chat(prompt, body));
      await expectNothingStored(stage, body);
    },
  );

  it.each(['split=byte', 'split=random; split-seed=7', 'frames-per-write=5', 'crlf', 'comments', 'bom'])(
    'survives %s, and stores the answer whole',
    async (fault) => {
      await using stage = await stageWith(fault);
      const broken = await run(stage.pipeline, chat(prompt, body));
      expect(broken).toMatchObject({ error: undefined, head: { cache: 'miss' } });
      const hit = await run(stage.pipeline, chat(prompt));
      expect(hit.head?.cache).toBe('hit');
      stage.simulator.clearFaults();
      const clean = await run(stage.pipeline, chat(prompt, {}, { cache: { read: false } }));
      expect(JSON.parse(hit.text).choices[0].message.content).toBe(
        JSON.parse(clean.text).choices[0].message.content,
      );
    },
  );

  it('gives up on a silent provider after the idle timeout, before the first byte', async () => {
    await using stage = await stageWith('hang');
    const outcome = await run(stage.pipeline, chat(prompt, body, { idleTimeoutMs: 100 }));
    expect(outcome.error).toMatchObject({ code: 'AI_TIMEOUT', status: 504 });
    expect(stage.records).toMatchObject([{ errorCode: 'AI_TIMEOUT', attempts: 1 }]);
    await expectNothingStored(stage, body);
  });

  it('stops waiting for a retry when its caller leaves', async () => {
    await using stage = await stageWith('status=429; retry-after=30000');
    const leaving = new AbortController();
    const running = start(stage.pipeline, chat(prompt, body, { signal: leaving.signal }));
    await expect.poll(() => stage.simulator.stats().requests).toBe(1);
    leaving.abort(new Error('left'));
    expect((await running.outcome).error).toBe(leaving.signal.reason);
    await expect.poll(() => stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });
});

describe('faults of streams', () => {
  it('takes a clean end without a finish reason for a failure', async () => {
    await using stage = await stageWith('end-after=3');
    const outcome = await run(stage.pipeline, chat(prompt, { stream: true }));
    expect(outcome.error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    await expectNothingStored(stage, { stream: true });
  });

  it.each(['error-after=2', 'garbage-after=2', 'no-terminal'])(
    'passes %s on, and does not store it',
    async (fault) => {
      await using stage = await stageWith(fault);
      const outcome = await run(stage.pipeline, chat(prompt, { stream: true }));
      expect(outcome.error).toBeUndefined();
      expect(outcome.text.length).toBeGreaterThan(0);
      await expectNothingStored(stage, { stream: true });
    },
  );

  it('gives a body to nobody from a stream that broke', async () => {
    await using stage = await stageWith('error-after=20; chunk-delay=2');
    const streamed = start(stage.pipeline, chat(prompt, { stream: true }));
    await streamed.firstBytes;
    const body = await run(stage.pipeline, chat(prompt));
    expect(body).toMatchObject({ text: '', error: { code: 'AI_STREAM_INCOMPLETE' } });
    expect(stage.records.map(({ status }) => status)).toEqual(['error', 'error']);
  });

  it('ends a stream that goes silent', async () => {
    await using stage = await stageWith('hang-after=3');
    const outcome = await run(stage.pipeline, chat(prompt, { stream: true }, { idleTimeoutMs: 100 }));
    expect(outcome.error).toMatchObject({ code: 'AI_TIMEOUT' });
    expect(outcome.text.length).toBeGreaterThan(0);
  });

  it('bounds a whole call by its own timeout, and a live stream by nothing else', async () => {
    await using stage = await stageWith('chunk-delay=10');
    const bounded = await run(stage.pipeline, chat(prompt, { stream: true }, { timeoutMs: 100 }));
    expect(bounded.error).toMatchObject({ code: 'AI_TIMEOUT' });
    const live = await run(stage.pipeline, chat('Say hello', { stream: true }, { idleTimeoutMs: 5000 }));
    expect(live.error).toBeUndefined();
  });
});

describe('faults of bodies', () => {
  it('fails on a body that is no JSON, and does not store it', async () => {
    await using stage = await stageWith('truncate');
    const outcome = await run(stage.pipeline, chat(prompt));
    expect(outcome).toMatchObject({ text: '', error: { code: 'AI_RESPONSE_INVALID', retryable: true } });
    expect(stage.records).toMatchObject([{ status: 'error', errorCode: 'AI_RESPONSE_INVALID' }]);
    await expectNothingStored(stage, {});
  });
});

describe('sharing under faults', () => {
  it('cuts the provider off when the last caller leaves, and not before', async () => {
    await using stage = await stageWith('chunk-delay=20');
    const first = start(stage.pipeline, chat(prompt, { stream: true }));
    await first.firstBytes;
    const second = start(stage.pipeline, chat(prompt, { stream: true }));
    const text = await second.firstBytes;
    expect(text.length).toBeGreaterThan(0);
    first.exchange.abort(new Error('first left'));
    expect((await first.outcome).error).toMatchObject({ message: 'first left' });
    expect(stage.simulator.stats().inFlight).toBe(1);
    second.exchange.abort(new Error('second left'));
    await expect.poll(() => stage.simulator.stats().abortedStreams).toBe(1);
    expect(stage.records.map(({ cache, status }) => [cache, status])).toContainEqual([
      'coalesced',
      'aborted',
    ]);
    await expect.poll(() => stage.records.length).toBe(2);
    await expectNothingStored(stage, { stream: true });
  });

  it('bills the caller who began, also when it left and others stayed', async () => {
    await using stage = await stageWith('chunk-delay=1');
    const first = start(stage.pipeline, chat('Say hello', { stream: true }));
    await first.firstBytes;
    const second = start(stage.pipeline, chat('Say hello', { stream: true }));
    first.exchange.abort(new Error('left'));
    expect((await second.outcome).error).toBeUndefined();
    const { tokens } = stage.simulator.stats();
    const payer = stage.records.find(({ cache }) => cache === 'miss');
    expect(payer).toMatchObject({ status: 'aborted', usage: { outputTokens: tokens.output } });
  });

  it('gives a late caller the whole answer', async () => {
    await using stage = await stageWith('chunk-delay=2');
    const first = start(stage.pipeline, chat('Say hello', { stream: true }));
    await first.firstBytes;
    const [early, late, body] = await Promise.all([
      first.outcome,
      run(stage.pipeline, chat('Say hello', { stream: true })),
      run(stage.pipeline, chat('Say hello')),
    ]);
    expect(late.text).toBe(early.text);
    expect(body).toMatchObject({ error: undefined, head: { cache: 'coalesced', streamed: false } });
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('holds the provider while nobody can take more', async () => {
    await using stage = await createStage({ maxEntryBytes: 64 * 1024 });
    let received = 0;
    const headers = { 'x-simulator-answer': 'tokens=400000' };
    const done = Promise.withResolvers<unknown>();
    const exchange = stage.pipeline.exchange(chat(prompt, { stream: true }, { headers }), {
      onHead: () => {},
      onData: (bytes) => {
        received += bytes.length;
        return false;
      },
      onEnd: () => done.resolve(undefined),
      onError: done.resolve,
    });
    await expect.poll(() => received).toBeGreaterThan(0);
    const before = received;
    // The sockets between the two fill up, and then nothing moves any more.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received).toBe(before);
    expect(stage.simulator.stats().inFlight).toBe(1);
    exchange.abort(new Error('enough'));
    await done.promise;
  });
});

function parse(fault: string): Record<string, unknown> {
  const [name = '', value] = fault.split('=');
  return { [name]: value === undefined ? true : Number(value) };
}
