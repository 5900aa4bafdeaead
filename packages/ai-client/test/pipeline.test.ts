import { describe, expect, it } from 'vitest';
import { readEvents } from '../src/sse/events.js';
import { chat, run, start } from './support/run-exchange.js';
import { createStage } from './support/stage.js';

describe('pipeline', () => {
  it('answers the second identical request from the cache', async () => {
    await using stage = await createStage();
    const first = await run(stage.pipeline, chat('What is a tide?'));
    const second = await run(stage.pipeline, chat('What is a tide?'));
    expect(first.error).toBeUndefined();
    expect(first.head).toMatchObject({ status: 200, cache: 'miss', attempts: 1, streamed: false });
    expect(second.head).toMatchObject({ status: 200, cache: 'hit', attempts: 0, key: first.head?.key });
    expect(second.text).toBe(first.text);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('stores no body longer than `maxEntryBytes`', async () => {
    await using stage = await createStage({ maxEntryBytes: 100 });
    const long = await run(stage.pipeline, chat('What is a tide?'));
    expect(long.text.length).toBeGreaterThan(100);
    const again = await run(stage.pipeline, chat('What is a tide?', {}, { cache: { onlyIfCached: true } }));
    expect(again.error).toMatchObject({ code: 'AI_NOT_CACHED' });
  });

  it('answers a streamed request from a body, and the reverse', async () => {
    await using stage = await createStage();
    const body = JSON.parse((await run(stage.pipeline, chat('From body to stream'))).text);
    const stream = await run(stage.pipeline, chat('From body to stream', { stream: true }));
    expect(stream.head).toMatchObject({ cache: 'hit', streamed: true });
    const deltas = readEvents(Buffer.from(stream.text))
      .slice(0, -1)
      .map(({ data }) => JSON.parse(data));
    const text = deltas.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toBe(body.choices[0].message.content);
    expect(deltas.length).toBeGreaterThan(4);

    const live = await run(stage.pipeline, chat('From stream to body', { stream: true }));
    const folded = await run(stage.pipeline, chat('From stream to body'));
    expect(live.head).toMatchObject({ cache: 'miss', streamed: true });
    expect(folded.head).toMatchObject({ cache: 'hit', streamed: false });
    const direct = await run(stage.pipeline, chat('From stream to body', {}, { cache: { read: false } }));
    // `annotations` is what the API gives in a body and never in a stream.
    const { annotations, ...message } = JSON.parse(direct.text).choices[0].message;
    expect(annotations).toEqual([]);
    expect(JSON.parse(folded.text).choices).toEqual([{ ...JSON.parse(direct.text).choices[0], message }]);
    expect(JSON.parse(folded.text).usage).toEqual(JSON.parse(direct.text).usage);
    expect(stage.simulator.stats().requests).toBe(3);
  });

  it('gives the usage event only to callers who ask for it, live and from the cache', async () => {
    await using stage = await createStage();
    const plain = chat('Usage?', { stream: true });
    const asking = chat('Usage?', { stream: true, stream_options: { include_usage: true } });
    for (const expected of ['miss', 'hit']) {
      const outcome = await run(stage.pipeline, plain);
      expect(outcome.head?.cache).toBe(expected);
      expect(outcome.text).not.toContain('prompt_tokens');
    }
    const outcome = await run(stage.pipeline, asking);
    expect(outcome.head?.cache).toBe('hit');
    expect(outcome.text).toContain('prompt_tokens');
    expect(outcome.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('asks the provider once for 100 identical requests at once, streamed and not', async () => {
    await using stage = await createStage();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        run(stage.pipeline, chat('All at once', index % 2 === 0 ? {} : { stream: true })),
      ),
    );
    expect(stage.simulator.stats().requests).toBe(1);
    expect(new Set(outcomes.map(({ head }) => head?.cache))).toEqual(new Set(['miss', 'coalesced']));
    expect(outcomes.every(({ error, text }) => error === undefined && text.length > 0)).toBe(true);
    expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });

  it('keeps tenants and namespaces apart', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('Whose?'));
    const other = await run(stage.pipeline, chat('Whose?', {}, { tenant: 'acme' }));
    const named = await run(stage.pipeline, chat('Whose?', {}, { cache: { namespace: 'eval' } }));
    expect([other.head?.cache, named.head?.cache]).toEqual(['miss', 'miss']);
  });

  it('obeys the cache directives', async () => {
    await using stage = await createStage();
    const none = await run(stage.pipeline, chat('Directed', {}, { cache: { onlyIfCached: true } }));
    expect(none.error).toMatchObject({ code: 'AI_NOT_CACHED', status: 504 });
    expect(stage.simulator.stats().requests).toBe(0);

    const unstored = await run(stage.pipeline, chat('Directed', {}, { cache: { store: false } }));
    const first = await run(stage.pipeline, chat('Directed', {}, { cache: { ttlMs: 0 } }));
    const second = await run(stage.pipeline, chat('Directed'));
    const refreshed = await run(stage.pipeline, chat('Directed', {}, { cache: { read: false } }));
    const cached = await run(stage.pipeline, chat('Directed', {}, { cache: { onlyIfCached: true } }));
    const bypassed = await run(
      stage.pipeline,
      chat('Directed', {}, { cache: { read: false, store: false } }),
    );
    expect([unstored, first, second, refreshed, cached, bypassed].map(({ head }) => head?.cache)).toEqual([
      'miss',
      'miss',
      'miss',
      'refresh',
      'hit',
      'bypass',
    ]);
    expect(bypassed.head?.key).toBeUndefined();
  });

  it('refuses what is no request, and asks nobody', async () => {
    await using stage = await createStage();
    const broken = await run(stage.pipeline, { surface: 'chat', body: Buffer.from('{"model":') });
    const list = await run(stage.pipeline, { surface: 'chat', body: Buffer.from('[]') });
    const nameless = await run(stage.pipeline, { surface: 'chat', body: Buffer.from('{"messages":[]}') });
    for (const { error } of [broken, list, nameless]) {
      expect(error).toMatchObject({ code: 'AI_REQUEST_INVALID', status: 400 });
    }
    expect(stage.simulator.stats().requests).toBe(0);
    expect(stage.records.map(({ errorCode }) => errorCode)).toEqual(Array(3).fill('AI_REQUEST_INVALID'));
  });

  it('passes every field on as it was written', async () => {
    await using stage = await createStage();
    const source =
      '{ "stream": true, "model":"gpt-4o-mini","messages":[{"role":"user","content":"ü"}],"seed":9007199254740993,"x_new":{"a":1.50} }';
    const outcome = await run(stage.pipeline, { surface: 'chat', body: Buffer.from(source) });
    expect(outcome.error).toBeUndefined();
    expect(stage.simulator.requests().at(-1)?.body).toMatchObject({ x_new: { a: 1.5 } });
    const neighbour = source.replace('9007199254740993', '9007199254740992');
    expect((await run(stage.pipeline, { surface: 'chat', body: Buffer.from(neighbour) })).head?.cache).toBe(
      'miss',
    );
  });

  it('accounts for each call: billed, replayed, shared', async () => {
    await using stage = await createStage();
    await Promise.all([run(stage.pipeline, chat('Account')), run(stage.pipeline, chat('Account'))]);
    await run(stage.pipeline, chat('Account', { stream: true }));
    expect(stage.records.map(({ cache, attempts }) => [cache, attempts]).sort()).toEqual([
      ['coalesced', 0],
      ['hit', 0],
      ['miss', 1],
    ]);
    const { tokens } = stage.simulator.stats();
    for (const { usage } of stage.records) {
      expect(usage).toMatchObject({ inputTokens: tokens.input, outputTokens: tokens.output });
    }
  });

  it('ends the calls under way when it is closed', async () => {
    await using stage = await createStage({}, { faults: ['delay=60000'] });
    const running = start(stage.pipeline, chat('Never'));
    await stage.pipeline.close();
    expect((await running.outcome).error).toMatchObject({ code: 'AI_CLOSED' });
    expect((await run(stage.pipeline, chat('Late'))).error).toMatchObject({ code: 'AI_CLOSED' });
  });
});
