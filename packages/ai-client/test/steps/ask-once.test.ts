import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cache, createCache } from '@ai-toolkit/core-cache';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { createPipeline, type Entry, entryCodec, openaiProvider, type Pipeline } from '../../src/index.js';
import { chat, run, start } from '../support/run-exchange.js';

/** Two pipelines on one disk, as two processes have them, each with a memory of its own. */
interface Pair extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly one: Pipeline;
  readonly two: Pipeline;
}

async function createPair(coalesceWaitMs: number, faults: string[] = []): Promise<Pair> {
  const path = await mkdtemp(join(tmpdir(), 'ask-once-'));
  const simulator = await createSimulator({ faults });
  const caches: Cache<Entry>[] = [];
  const create = async (): Promise<Pipeline> => {
    const cache = createCache<Entry>({ codec: entryCodec, disk: { path } });
    await cache.ready();
    caches.push(cache);
    const providers = [openaiProvider(simulator.openaiBaseUrl)];
    return createPipeline({ providers, cache, coalesceWaitMs, maxRetries: 0 });
  };
  const [one, two] = [await create(), await create()];
  return {
    simulator,
    one,
    two,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([one.close(), two.close()]);
      await Promise.all(caches.map((cache) => cache.close()));
      await simulator.close();
      await rm(path, { recursive: true });
    },
  };
}

const slow = ['delay=400'];
const minute = 60_000;

describe('two processes that ask the same at once', () => {
  it.each([
    ['a body', {}],
    ['a stream', { stream: true }],
  ])('make one call for %s, and both have the whole answer', async (_, body) => {
    await using pair = await createPair(minute, slow);
    const first = start(pair.one, chat('Together', body));
    await expect.poll(() => pair.simulator.stats().inFlight).toBe(1);
    const second = await run(pair.two, chat('Together', body));
    const { text, head } = await first.outcome;
    expect(head?.cache).toBe('miss');
    expect(second.head?.cache).toBe('hit');
    expect(second.text).toBe(text);
    expect(pair.simulator.stats().requests).toBe(1);
  });

  it('ask each for themselves when they are not to wait, or no longer', async () => {
    for (const waitMs of [0, 20]) {
      await using pair = await createPair(waitMs, ['delay=1000']);
      const outcomes = await Promise.all([run(pair.one, chat('Alone')), run(pair.two, chat('Alone'))]);
      expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
      expect(pair.simulator.stats().requests).toBe(2);
    }
  });

  it('take over from one whose call fails, or whose caller leaves', async () => {
    await using failing = await createPair(minute, ['delay=400; status=500; times=1']);
    const lost = start(failing.one, chat('Once more'));
    await expect.poll(() => failing.simulator.stats().inFlight).toBe(1);
    expect((await run(failing.two, chat('Once more'))).head?.status).toBe(200);
    expect((await lost.outcome).head?.status).toBe(500);

    await using leaving = await createPair(minute, slow);
    const left = start(leaving.one, chat('I leave'));
    await expect.poll(() => leaving.simulator.stats().inFlight).toBe(1);
    const other = start(leaving.two, chat('I leave'));
    left.exchange.abort(new Error('left'));
    expect((await other.outcome).head?.cache).toBe('miss');
    expect(leaving.simulator.requests()).toHaveLength(2);
  });

  it('wait for nobody when they want no stored answer, and end their wait when their caller leaves', async () => {
    await using pair = await createPair(minute, slow);
    const first = start(pair.one, chat('New'));
    await expect.poll(() => pair.simulator.stats().inFlight).toBe(1);
    const waiting = start(pair.two, chat('New'));
    const reason = new Error('left');
    waiting.exchange.abort(reason);
    expect((await waiting.outcome).error).toBe(reason);
    const fresh = await run(pair.two, chat('New', {}, { cache: { read: false } }));
    expect(fresh.head?.cache).toBe('refresh');
    await first.outcome;
    expect(pair.simulator.stats().requests).toBe(2);
    await expect.poll(() => pair.two.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });

  it('go on with a stream that the other one began, once it is whole', async () => {
    await using pair = await createPair(minute, ['chunk-delay=20']);
    const asked = { stream: true };
    const begun = start(pair.one, chat('Go on', asked, { eventIds: true }));
    const [, lastEventId = ''] = /^id: (.*)$/m.exec(await begun.firstBytes) ?? [];
    const rest = await run(pair.two, chat('Go on', asked, { eventIds: true, lastEventId }));
    const { text } = await begun.outcome;
    expect(rest).toMatchObject({ error: undefined, head: { cache: 'hit' } });
    expect(text.endsWith(rest.text)).toBe(true);
    expect(rest.text.startsWith(`id: ${lastEventId.replace(/0$/, '1')}\n`)).toBe(true);
    const other = chat('Nobody asked', asked, { eventIds: true, lastEventId });
    expect((await run(pair.two, other)).error).toMatchObject({ code: 'AI_STREAM_GONE' });
    expect(pair.simulator.stats().requests).toBe(1);
  });
});
