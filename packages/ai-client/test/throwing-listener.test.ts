import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAiClient, type PipelineOptions } from '../src/index.js';
import { all } from './client/support/all.js';
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
