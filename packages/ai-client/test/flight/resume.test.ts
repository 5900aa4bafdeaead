import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberedEvents } from '../../src/flight/numbered-events.js';
import type { ExchangeRequest } from '../../src/index.js';
import { readEvents } from '../../src/sse/events.js';
import { chat, run, start } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

const prompt = 'Say a few words [simulator-answer: tokens=40; chunks=12]';
const usage = { stream_options: { include_usage: true } };

function ask(body: Record<string, unknown> = {}, rest: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return chat(prompt, { stream: true, ...body }, { eventIds: true, ...rest });
}

function events(text: string): { id: string | undefined; data: string }[] {
  return readEvents(Buffer.from(text)).map(({ id, data }) => ({ id, data }));
}

describe('ids of events', () => {
  it('are the same live and stored, with the usage event and without', async () => {
    await using stage = await createStage();
    const live = events((await run(stage.pipeline, ask())).text);
    const stored = events((await run(stage.pipeline, ask())).text);
    const whole = events((await run(stage.pipeline, ask(usage))).text);
    expect(stored).toEqual(live);
    expect(new Set(live.map(({ id }) => id)).size).toBe(live.length);
    expect(whole.filter(({ id }) => live.some((event) => event.id === id))).toEqual(live);
    expect(whole).toHaveLength(live.length + 1);
  });

  it('are not there unless they are wanted', async () => {
    await using stage = await createStage();
    const { text } = await run(stage.pipeline, chat(prompt, { stream: true }));
    expect(text).not.toContain('id: ');
  });
});

describe('a stream that broke off', () => {
  it('goes on from any event, once it is stored, also as it came: as a body or as a stream', async () => {
    for (const first of [ask(), chat(prompt)]) {
      await using stage = await createStage();
      await run(stage.pipeline, first);
      for (const body of [{}, usage]) {
        const all = events((await run(stage.pipeline, ask(body))).text);
        for (const [position, { id = '' }] of all.entries()) {
          const rest = await run(stage.pipeline, ask(body, { lastEventId: id }));
          expect(rest.error).toBeUndefined();
          expect(events(rest.text)).toEqual(all.slice(position + 1));
        }
      }
      expect(stage.simulator.stats().requests).toBe(1);
    }
  });

  it('goes on while the answer is under way', async () => {
    await using stage = await createStage({}, { faults: ['chunk-delay=3'] });
    const other = start(stage.pipeline, ask());
    const broken = start(stage.pipeline, ask());
    const [seen] = events(await broken.firstBytes);
    broken.exchange.abort(new Error('the network'));
    const rest = await run(stage.pipeline, ask({}, { lastEventId: seen?.id ?? '' }));
    expect(rest.head?.cache).toBe('coalesced');
    const all = events((await other.outcome).text);
    expect([seen, ...events(rest.text)]).toEqual(all);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('is gone when nobody has the answer, and nobody is asked anew', async () => {
    await using stage = await createStage();
    const [{ id = '' } = {}] = events((await run(stage.pipeline, ask({}, { cache: { store: false } }))).text);
    for (const lastEventId of [id, 'another-1.3', 'not one of ours']) {
      const gone = await run(stage.pipeline, ask({}, { lastEventId }));
      expect(gone.error).toMatchObject({ code: 'AI_STREAM_GONE', status: 410 });
    }
    expect(stage.simulator.stats().requests).toBe(1);
    // Another answer to the same request is no rest of the first one.
    await run(stage.pipeline, ask());
    expect((await run(stage.pipeline, ask({}, { lastEventId: id }))).error).toMatchObject({
      code: 'AI_STREAM_GONE',
    });
  });
});

describe('NumberedEvents', () => {
  it('gives what it got, whatever the line ends, in however many groups', () => {
    const line = fc.constantFrom('data: x', 'event: y', ': a comment', 'data: {"ü":1}');
    const block = fc.tuple(
      fc.array(line, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('\n', '\r\n', '\r'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(block, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (groups) => {
        const numbered = new NumberedEvents('a', -1);
        const sources = groups.map((blocks) =>
          blocks.map(([lines, end]) => `${lines.join(end)}${end}${end}`).join(''),
        );
        const given = sources.map((source) => Buffer.from(numbered.write(Buffer.from(source))).toString());
        expect(given.map((text) => text.replaceAll(/id: a\.\d+\n/g, ''))).toEqual(sources);
        const ids = given.join('').match(/id: a\.\d+\n/g) ?? [];
        expect(ids).toEqual(groups.flat().map((_, index) => `id: a.${index}\n`));
      }),
    );
  });
});

describe('a paced replay', () => {
  it('gives the events of a stored answer one by one, and stops when its reader leaves', async () => {
    await using stage = await createStage();
    const plain = await run(stage.pipeline, chat(prompt, { stream: true }));
    const chunks: string[] = [];
    const slow = chat(prompt, { stream: true }, { cache: { replayIntervalMs: 1 } });
    const done = Promise.withResolvers<void>();
    stage.pipeline.exchange(slow, {
      onHead: () => {},
      onData: (bytes) => chunks.push(Buffer.from(bytes).toString()) > 0,
      onEnd: () => done.resolve(),
      onError: done.reject,
    });
    await done.promise;
    expect(chunks.join('')).toBe(plain.text);
    expect(chunks).toHaveLength(events(plain.text).length);

    const leaving = start(
      stage.pipeline,
      chat(prompt, { stream: true }, { cache: { replayIntervalMs: 60_000 } }),
    );
    await leaving.firstBytes;
    leaving.exchange.abort(new Error('left'));
    expect((await leaving.outcome).error).toMatchObject({ message: 'left' });
    expect(stage.pipeline.stats().openCalls).toBe(0);
  });
});
