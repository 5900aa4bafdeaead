import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAiClient, type ExchangeSink, type PipelineOptions } from '../src/index.js';
import { all } from './client/support/all.js';
import { chat, run, start } from './support/run-exchange.js';
import { createStage } from './support/stage.js';

const thrown = new Error('of the listener');
const uncaught: unknown[] = [];
const catchIt = (error: unknown): void => {
  uncaught.push(error);
};
let others: NodeJS.UncaughtExceptionListener[] = [];

beforeEach(() => {
  others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', catchIt);
});

afterEach(() => {
  process.removeAllListeners('uncaughtException');
  for (const listener of others) process.on('uncaughtException', listener);
  uncaught.length = 0;
});

const options: PipelineOptions = {
  onCall: () => {
    throw thrown;
  },
};

describe('an onCall that throws', () => {
  it('harms no call, asked or stored, and is an uncaught exception', async () => {
    await using stage = await createStage(options);
    const client = createAiClient({ pipeline: stage.pipeline, model: 'gpt-4o-mini', embeddingModel: 'e' });
    for (const cache of ['miss', 'hit']) {
      expect(await client.generate('Hello')).toMatchObject({ cache });
      expect((await all(client.generateStreaming('Tides'))).at(-1)).toMatchObject({ generation: { cache } });
      expect(await client.embed('Hello')).toMatchObject({ cache: [cache] });
    }
    const url = `${stage.simulator.openaiBaseUrl}/chat/completions`;
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Seas' }] });
    const response = await stage.pipeline.fetch(url, { method: 'POST', body });
    expect(response.status).toBe(200);
    const refused = await stage.pipeline.fetch(url, { method: 'POST', body: '{' });
    expect(refused.status).toBe(400);
    await vi.waitFor(() => expect(uncaught).toEqual(Array.from({ length: 8 }, () => thrown)));
  });
});

describe('a sink that throws in onError', () => {
  const throws = (): never => {
    throw thrown;
  };
  const sink: ExchangeSink = { onHead: () => {}, onData: throws, onEnd: () => {}, onError: throws };

  it('harms nobody who shares the answer', async () => {
    await using stage = await createStage();
    stage.pipeline.exchange(chat('Tides'), sink);
    const joined = await run(stage.pipeline, chat('Tides'));
    expect(joined).toMatchObject({ error: undefined, head: { cache: 'coalesced' } });
    expect(JSON.parse(joined.text)).toMatchObject({ object: 'chat.completion' });
    await vi.waitFor(() => expect(uncaught).toEqual([thrown]));
  });

  it('does not keep the pipeline from closing', async () => {
    await using stage = await createStage({}, { faults: ['hang'] });
    stage.pipeline.exchange(chat('Tides'), sink);
    const other = start(stage.pipeline, chat('Seas'));
    await stage.pipeline.close();
    expect((await other.outcome).error).toMatchObject({ code: 'AI_CLOSED' });
    expect(stage.pipeline.stats().openCalls).toBe(0);
    await vi.waitFor(() => expect(uncaught).toEqual([thrown]));
  });

  it('does not make a call throw, be it a hit, refused or withdrawn', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('Tides'));
    stage.pipeline.exchange(chat('Tides'), sink);
    stage.pipeline.exchange({ surface: 'chat', body: Buffer.from('{') }, sink);
    stage.pipeline.exchange(chat('Seas'), sink).abort(new Error('I leave.'));
    await vi.waitFor(() => expect(uncaught).toEqual([thrown, thrown, thrown]));
  });
});
