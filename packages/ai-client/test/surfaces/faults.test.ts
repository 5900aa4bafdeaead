import { describe, expect, it } from 'vitest';
import type { ExchangeRequest } from '../../src/index.js';
import { isJsonObject, type JsonObject, parseJsonObject } from '../../src/json.js';
import { readEvents } from '../../src/sse/events.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { surfaceAdapter } from '../../src/surfaces/registry.js';
import { run, start } from '../support/run-exchange.js';
import { createStage, type Stage } from '../support/stage.js';

const prompt = 'Write a long text about tides, with a heading for each of the seven seas';

type Asked = 'responses' | 'messages' | 'embeddings';

function ask(surface: Asked, fields: JsonObject = {}): ExchangeRequest {
  const body = {
    responses: { model: 'gpt-4o-mini', input: prompt },
    messages: { model: 'claude-sonnet-5-5', max_tokens: 4096, messages: [{ role: 'user', content: prompt }] },
    embeddings: { model: 'text-embedding-3-small', input: [prompt, 'tides'] },
  }[surface];
  return { surface, body: Buffer.from(JSON.stringify({ ...body, ...fields })) };
}

/** The answer as a body, whichever shape it came in. */
function bodyOf(surface: Asked, text: string): JsonObject | undefined {
  return text.startsWith('{')
    ? parseJsonObject(text)
    : foldEvents(surfaceAdapter(surface).createFolder(), readEvents(Buffer.from(text))).body;
}

/** What was asked again without the fault must come from the provider: nothing of the broken answer was stored. */
async function expectNothingStored(stage: Stage, request: ExchangeRequest): Promise<void> {
  stage.simulator.clearFaults();
  const again = await run(stage.pipeline, request);
  expect(again).toMatchObject({ error: undefined, head: { cache: 'miss', status: 200 } });
  expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
}

// Chat has its own tests of faults.
const surfaces = ['responses', 'messages'] as const;
const shapes = [{}, { stream: true }];
const matrix = surfaces.flatMap((surface) => shapes.map((shape) => ({ surface, shape })));

describe.each(matrix)('faults of $surface, $shape', ({ surface, shape }) => {
  it.each(['empty-choices', 'content-filter', 'no-finish-reason', 'error-body'])(
    'does not store %s',
    async (fault) => {
      await using stage = await createStage({ maxRetries: 0 }, { faults: [fault] });
      await run(stage.pipeline, ask(surface, shape));
      await expectNothingStored(stage, ask(surface, shape));
    },
  );

  it.each([
    'split=byte',
    'split=random; split-seed=7',
    'frames-per-write=5',
    'crlf',
    'comments',
    'bom',
    'no-usage',
  ])('survives %s, and gives the answer in either shape', async (fault) => {
    await using stage = await createStage({}, { faults: [fault] });
    const first = await run(stage.pipeline, ask(surface, shape));
    expect(first).toMatchObject({ error: undefined, head: { cache: 'miss' } });
    const other = await run(stage.pipeline, ask(surface, shape.stream ? {} : { stream: true }));
    expect(other).toMatchObject({ error: undefined, head: { cache: 'hit' } });
    expect(bodyOf(surface, other.text)).toEqual(bodyOf(surface, first.text));
    expect(bodyOf(surface, other.text)).toBeDefined();
  });

  it('gives an error status as the provider wrote it', async () => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: ['status=503'] });
    const outcome = await run(stage.pipeline, ask(surface, shape));
    expect(outcome.head).toMatchObject({ status: 503, streamed: false });
    expect(isJsonObject(parseJsonObject(outcome.text)?.error)).toBe(true);
    await expectNothingStored(stage, ask(surface, shape));
  });
});

describe.each(surfaces)('faults of streams of %s', (surface) => {
  it.each(['cut-after=3', 'end-after=3', 'hang-after=3'])('fails on %s', async (fault) => {
    await using stage = await createStage({ maxRetries: 0, idleTimeoutMs: 100 }, { faults: [fault] });
    const outcome = await run(stage.pipeline, ask(surface, { stream: true }));
    const code = fault.startsWith('hang') ? 'AI_TIMEOUT' : 'AI_STREAM_INCOMPLETE';
    expect(outcome.error).toMatchObject({ code });
    expect(outcome.text).not.toBe('');
    expect(stage.records).toMatchObject([{ status: 'error', errorCode: code }]);
    await expectNothingStored(stage, ask(surface, { stream: true }));
  });

  it.each(['error-after=4', 'error=overloaded_error; error-after=4', 'garbage-after=4'])(
    'passes %s on, and does not store it',
    async (fault) => {
      await using stage = await createStage({ maxRetries: 0 }, { faults: [fault] });
      const outcome = await run(stage.pipeline, ask(surface, { stream: true }));
      expect(outcome.error).toBeUndefined();
      expect(
        foldEvents(surfaceAdapter(surface).createFolder(), readEvents(Buffer.from(outcome.text))).error,
      ).toBeDefined();
      expect(stage.records).toMatchObject([{ status: 'error' }]);
      await expectNothingStored(stage, ask(surface, { stream: true }));
    },
  );

  it('tries again when the first event is an error, which nobody has seen', async () => {
    const fault = { errorAfter: 0, error: 'overloaded_error', times: 1 };
    await using stage = await createStage({}, { faults: [fault] });
    const outcome = await run(stage.pipeline, ask(surface, { stream: true }));
    expect(outcome).toMatchObject({ error: undefined, head: { status: 200, attempts: 2 } });
    expect(bodyOf(surface, outcome.text)).toBeDefined();
  });

  it('gives a body to nobody from a stream that broke', async () => {
    await using stage = await createStage({}, { faults: ['error-after=20; chunk-delay=2'] });
    const streamed = start(stage.pipeline, ask(surface, { stream: true }));
    await streamed.firstBytes;
    const body = await run(stage.pipeline, ask(surface));
    expect(body).toMatchObject({ text: '', error: { code: 'AI_STREAM_INCOMPLETE' } });
  });

  it('stores no stream without its terminal event', async () => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: ['no-terminal'] });
    await run(stage.pipeline, ask(surface, { stream: true }));
    await expectNothingStored(stage, ask(surface));
  });

  it('asks the provider once for 40 identical requests at once, streamed and not', async () => {
    await using stage = await createStage();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        run(stage.pipeline, ask(surface, index % 2 === 0 ? {} : { stream: true })),
      ),
    );
    expect(stage.simulator.stats().requests).toBe(1);
    expect(outcomes.every(({ error }) => error === undefined)).toBe(true);
    const [first, ...others] = outcomes.map(({ text }) => bodyOf(surface, text));
    expect(first).toBeDefined();
    for (const body of others) expect(body).toEqual(first);
  });
});

describe.each(surfaces)('faults of bodies of %s', (surface) => {
  it('fails on a body that is no JSON, and does not store it', async () => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: ['truncate'] });
    const outcome = await run(stage.pipeline, ask(surface));
    expect(outcome).toMatchObject({ text: '', error: { code: 'AI_RESPONSE_INVALID' } });
    await expectNothingStored(stage, ask(surface));
  });
});

describe('faults of embeddings', () => {
  it.each(['empty-choices', 'error-body', 'truncate', 'status=500'])('does not store %s', async (fault) => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: [fault] });
    await run(stage.pipeline, ask('embeddings'));
    await expectNothingStored(stage, ask('embeddings'));
  });

  it('takes an event stream for no answer', async () => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: ['content-type=text/event-stream'] });
    const outcome = await run(stage.pipeline, ask('embeddings'));
    expect(outcome.error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    await expectNothingStored(stage, ask('embeddings'));
  });
});
