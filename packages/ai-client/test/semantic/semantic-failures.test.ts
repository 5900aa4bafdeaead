import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cache, createCache } from '@ai-toolkit/core-cache';
import { describe, expect, it, vi } from 'vitest';
import { type EmbedTexts, type Entry, entryCodec } from '../../src/index.js';
import { chat, run, start } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

const model = 'text-embedding-3-small';
const question = 'What is the capital of France?';
const reworded = "Hello! what's the capital of France";
const same: EmbedTexts = async (texts) => texts.map(() => [1, 0]);

describe('the semantic cache without vectors', () => {
  it.each<[string, EmbedTexts]>([
    ['fails', async () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['gives none', async () => []],
    ['gives a zero', async () => [[0, 0]]],
    ['gives what is no number', async () => [[Number.NaN]]],
  ])('is a miss, and no failure of the call, when the source %s', async (_how, embed) => {
    await using stage = await createStage({ semantic: { embed } });
    await run(stage.pipeline, chat(question));
    const second = await run(stage.pipeline, chat(reworded));
    expect(second).toMatchObject({ error: undefined, head: { status: 200, cache: 'miss' } });
  });

  it('is a miss when the provider of the vectors is broken', async () => {
    await using stage = await createStage(
      { semantic: { embed: model }, maxRetries: 0 },
      { faults: [`status=500; model=${model}`] },
    );
    await run(stage.pipeline, chat(question));
    expect((await run(stage.pipeline, chat(reworded))).head).toMatchObject({ status: 200, cache: 'miss' });
  });

  it('does not wait longer than it may, and learns from a vector that comes late', async () => {
    const late = Promise.withResolvers<readonly (readonly number[])[]>();
    const asked: string[] = [];
    const embed: EmbedTexts = (texts) => {
      asked.push(...texts);
      return asked.length === 1 ? late.promise : Promise.resolve([[1, 0]]);
    };
    await using stage = await createStage({ semantic: { embed, timeoutMs: 1 } });
    expect((await run(stage.pipeline, chat(question))).head?.cache).toBe('miss');
    late.resolve([[1, 0]]);
    await late.promise;
    expect((await run(stage.pipeline, chat(reworded))).head?.cache).toBe('semantic');
    expect(asked).toEqual([question, reworded]);
  });

  it('leaves a source alone that fails again and again', async () => {
    let asked = 0;
    const embed: EmbedTexts = async () => {
      asked += 1;
      throw new Error('no');
    };
    await using stage = await createStage({ semantic: { embed } });
    for (let at = 0; at < 8; at++) await run(stage.pipeline, chat(`Question ${at}`));
    expect(asked).toBe(3);
  });

  it('ends with its caller, and with the pipeline', async () => {
    const never = Promise.withResolvers<never>();
    const signals: AbortSignal[] = [];
    const began = Promise.withResolvers<void>();
    const embed: EmbedTexts = (_texts, signal) => {
      signals.push(signal);
      began.resolve();
      return never.promise;
    };
    const stage = await createStage({ semantic: { embed, timeoutMs: 60_000 } });
    try {
      const running = start(stage.pipeline, chat(question));
      await began.promise;
      running.exchange.abort(new Error('Gone'));
      expect((await running.outcome).error).toMatchObject({ message: 'Gone' });
      await vi.waitFor(() => expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 }));
      expect(stage.simulator.stats().requests).toBe(0);
    } finally {
      await stage[Symbol.asyncDispose]();
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('remembers no more questions than it may', async () => {
    await using stage = await createStage({ semantic: { embed: same, maxEntries: 1 } });
    await run(stage.pipeline, chat(question));
    await run(stage.pipeline, chat('What is a tide?'));
    expect((await run(stage.pipeline, chat(reworded))).head?.cache).toBe('miss');
    expect((await run(stage.pipeline, chat('Tell me what is a tide?'))).head?.cache).toBe('miss');
  });

  it('looks at no question longer than it may', async () => {
    await using stage = await createStage({ semantic: { embed: same, maxTextLength: 20 } });
    await run(stage.pipeline, chat(question));
    expect((await run(stage.pipeline, chat(reworded))).head?.cache).toBe('miss');
    await run(stage.pipeline, chat('What is a tide?'));
    expect((await run(stage.pipeline, chat('what is the tide'))).head?.cache).toBe('semantic');
  });
});

describe('the semantic cache over a restart', () => {
  async function withDisk(test: (open: () => Cache<Entry>) => Promise<void>): Promise<void> {
    const path = await mkdtemp(join(tmpdir(), 'semantic-'));
    try {
      await test(() => createCache<Entry>({ namespace: 'answers', codec: entryCodec, disk: { path } }));
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }

  it('still knows the questions whose vectors a model made', () =>
    withDisk(async (open) => {
      const semantic = { embed: model, threshold: 0.6, timeoutMs: 10_000 };
      {
        await using cache = open();
        await using stage = await createStage({ semantic, cache });
        await run(stage.pipeline, chat(question, {}, { provider: fixed(stage.simulator.openaiBaseUrl) }));
      }
      await using cache = open();
      await using stage = await createStage({ semantic, cache });
      const again = await run(
        stage.pipeline,
        chat(reworded, {}, { provider: fixed(stage.simulator.openaiBaseUrl) }),
      );
      expect(again.head?.cache).toBe('semantic');
    }));

  it('knows nothing of those whose vectors a function made', () =>
    withDisk(async (open) => {
      const semantic = { embed: same };
      {
        await using cache = open();
        await using stage = await createStage({ semantic, cache });
        await run(stage.pipeline, chat(question, {}, { provider: fixed(stage.simulator.openaiBaseUrl) }));
      }
      await using cache = open();
      await using stage = await createStage({ semantic, cache });
      const again = await run(
        stage.pipeline,
        chat(reworded, {}, { provider: fixed(stage.simulator.openaiBaseUrl) }),
      );
      expect(again.head?.cache).toBe('miss');
    }));
});

/** A provider that is the same for the key, whichever port it listens on. */
function fixed(baseUrl: string): { name: string; identity: string; baseUrl: string } {
  return { name: 'simulator', identity: 'simulator', baseUrl };
}
