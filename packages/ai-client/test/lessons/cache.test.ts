import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type CacheOptions, createCache } from '@ai-toolkit/core-cache';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { onSources } from '@ai-toolkit/processes/on-sources';
import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { createPipeline, type Entry, entryCodec, openaiProvider } from '../../src/index.js';
import { chat, run, start } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

/** What people complained of in other caches for language models, where no other test of this package holds it. */

const script = fileURLToPath(new URL('../scripts/ask.ts', import.meta.url));
const newCache = (options: CacheOptions<Entry> = {}) => createCache<Entry>({ codec: entryCodec, ...options });

describe('a cached answer', () => {
  it('is used for an explicit `stream: false`, too', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('Plain'));
    expect((await run(stage.pipeline, chat('Plain', { stream: false }))).head?.cache).toBe('hit');
  });

  it('comes under its key on a miss and on a hit, by fetch as well', async () => {
    await using stage = await createStage();
    const ask = () =>
      stage.pipeline.fetch(`${stage.simulator.openaiBaseUrl}/chat/completions`, {
        method: 'POST',
        body: chat('Which key?').body as Uint8Array<ArrayBuffer>,
      });
    const [miss, hit] = [await ask(), await ask()];
    expect([miss, hit].map(({ headers }) => headers.get('x-cache'))).toEqual(['MISS', 'HIT']);
    expect(hit.headers.get('x-cache-key')).toMatch(/^[0-9a-f]{64}$/);
    expect(hit.headers.get('x-cache-key')).toBe(miss.headers.get('x-cache-key'));
  });

  it('is replayed in the chunks in which it was streamed, tool calls and usage among them', async () => {
    await using stage = await createStage();
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    const chunks = async () => {
      const stream = await client.chat.completions.create({
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'What is the weather in Porto?' }],
        tools: [
          {
            type: 'function',
            function: {
              name: 'get_weather',
              parameters: { type: 'object', properties: { city: { type: 'string' } } },
            },
          },
        ],
        tool_choice: 'required',
        stream: true,
        stream_options: { include_usage: true },
      });
      const list: OpenAI.ChatCompletionChunk[] = [];
      for await (const chunk of stream) list.push(chunk);
      return list;
    };
    const live = await chunks();
    const again = await chunks();
    expect(stage.simulator.stats().requests).toBe(1);
    expect(live.length).toBeGreaterThan(3);
    expect(again).toEqual(live);
    expect(again.some(({ choices }) => choices[0]?.delta.tool_calls !== undefined)).toBe(true);
    expect(again.at(-1)?.usage?.prompt_tokens).toBeGreaterThan(0);
  });

  it('is not kept when it was cut off, unless the request itself set the limit', async () => {
    await using stage = await createStage();
    const long = 'A long story [simulator-answer: tokens=100]';
    await run(stage.pipeline, chat(long, { max_tokens: 5 }));
    const limited = await run(stage.pipeline, chat(long, { max_tokens: 5 }));
    expect(JSON.parse(limited.text).choices[0].finish_reason).toBe('length');
    expect(limited.head?.cache).toBe('hit');
  });

  it('has the lifetime that it was given, where 0 is none', async () => {
    const now = vi.fn(() => Date.UTC(2030, 0, 1));
    await using cache = newCache({ clock: { now } });
    await using stage = await createStage({ cache, staleIfErrorMs: 0 });
    const asked = async (ttlMs?: number) =>
      (await run(stage.pipeline, chat('Ttl', {}, { cache: ttlMs === undefined ? {} : { ttlMs } }))).head
        ?.cache;
    expect([await asked(0), await asked(1000), await asked()]).toEqual(['miss', 'miss', 'hit']);
    now.mockReturnValue(Date.UTC(2030, 0, 1) + 1001);
    expect(await asked()).toBe('miss');
    const zero = { 'x-cache-ttl': '0' };
    const url = `${stage.simulator.openaiBaseUrl}/chat/completions`;
    const body = chat('By header').body as Uint8Array<ArrayBuffer>;
    for (const _turn of [1, 2]) {
      const response = await stage.pipeline.fetch(url, { method: 'POST', headers: zero, body });
      expect(response.headers.get('x-cache')).toBe('MISS');
    }
  });

  it('survives a clock that jumps, either way', async () => {
    const now = vi.fn(() => Date.UTC(2030, 0, 1));
    await using cache = newCache({ clock: { now }, ttlMs: 60_000 });
    await using stage = await createStage({ cache, staleIfErrorMs: 0 });
    await run(stage.pipeline, chat('Jump'));
    now.mockReturnValue(Date.UTC(2030, 0, 1) - 30_000);
    const back = await run(stage.pipeline, chat('Jump'));
    expect(back.head).toMatchObject({ cache: 'hit', ageMs: 0 });
    now.mockReturnValue(Date.UTC(2029, 0, 1));
    expect((await run(stage.pipeline, chat('Jump'))).head?.cache).toBe('miss');
  });

  it('does not expire in the same second as all the others', async () => {
    await using stage = await createStage();
    const lifetimes = new Set<number>();
    for (let index = 0; index < 20; index++) {
      await run(stage.pipeline, chat(`Jitter ${index}`));
      const { stored } = await stage.pipeline.explain(chat(`Jitter ${index}`));
      if (stored?.status === 'hit') lifetimes.add(Math.round(((stored.ttlMs ?? 0) + stored.ageMs) / 60_000));
    }
    expect(lifetimes.size).toBeGreaterThan(5);
  });

  it('is found without looking at the others', async () => {
    await using cache = newCache();
    await using stage = await createStage({ cache });
    const entries = vi.spyOn(cache, 'entries');
    for (const prompt of ['a', 'b', 'a']) await run(stage.pipeline, chat(prompt));
    expect(entries).not.toHaveBeenCalled();
  });
});

describe('the cache', () => {
  it('holds no more than its bounds', async () => {
    await using cache = newCache({ memory: { maxBytes: 64 * 1024 } });
    await using stage = await createStage({ cache, keepRequests: true });
    for (let index = 0; index < 200; index++)
      await run(stage.pipeline, chat(`Number ${index} ${'word '.repeat(100)}`));
    const [memory] = cache.stats().tiers;
    expect(memory?.bytes).toBeLessThanOrEqual(64 * 1024);
    expect(memory?.evictions).toBeGreaterThan(0);
  });

  it('holds up nobody when Redis is not there', async () => {
    await using cache = newCache({ shared: { url: 'redis://127.0.0.1:9' } });
    await using stage = await createStage({ cache });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => run(stage.pipeline, chat(`Without Redis ${index % 10}`))),
    );
    expect(outcomes.every(({ error, text }) => error === undefined && text !== '')).toBe(true);
    expect((await run(stage.pipeline, chat('Without Redis 0'))).head?.cache).toBe('hit');
    expect(stage.simulator.stats().requests).toBe(10);
    expect(cache.stats().tiers.at(-1)?.state).not.toBe('ready');
  });

  it('is not locked while a provider is asked', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, chat('Known'));
    stage.simulator.setFaults('hang; times=1');
    const hanging = start(stage.pipeline, chat('Known', {}, { cache: { read: false } }));
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    // Neither by who asks for something else, nor by who has the same answer renewed.
    expect((await run(stage.pipeline, chat('Known'))).head?.cache).toBe('hit');
    expect((await run(stage.pipeline, chat('Other'))).head?.cache).toBe('miss');
    hanging.exchange.abort(new Error('enough'));
    await hanging.outcome;
  });

  it('may be cleared under a call: its answer arrives whole', async () => {
    await using cache = newCache();
    await using stage = await createStage({ cache }, { faults: ['chunk-delay=1'] });
    const running = start(stage.pipeline, chat('Cleared', { stream: true }));
    await running.firstBytes;
    await cache.clear();
    const { error, text } = await running.outcome;
    expect(error).toBeUndefined();
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('is not given an older answer over a newer one', async () => {
    await using cache = newCache();
    await using stage = await createStage({ cache });
    stage.simulator.setFaults('delay=80; times=1');
    const older = start(stage.pipeline, chat('Twice [simulator-answer: tokens=30]'));
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    const newer = await run(
      stage.pipeline,
      chat('Twice [simulator-answer: tokens=30]', {}, { cache: { read: false } }),
    );
    expect((await older.outcome).error).toBeUndefined();
    const kept = await run(stage.pipeline, chat('Twice [simulator-answer: tokens=30]'));
    expect(kept.head?.cache).toBe('hit');
    expect(JSON.parse(kept.text).id).toBe(JSON.parse(newer.text).id);
  });
});

describe('a process', () => {
  it('ends by itself, though nothing was closed: no timer and no socket keeps it', async () => {
    await using simulator = await createSimulator();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...onSources, script, simulator.openaiBaseUrl, 'Hello'],
      { timeout: 30_000 },
    );
    expect(stdout).toBe('begun\nended\n');
  });

  it('that is killed in the middle of an answer leaves nothing of it behind', async () => {
    await using simulator = await createSimulator({ faults: ['hang-after=3; times=1'] });
    const dir = await mkdtemp(join(tmpdir(), 'killed-'));
    const child = spawn(process.execPath, [...onSources, script, simulator.openaiBaseUrl, 'Half', dir]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await using cache = newCache({ namespace: 'answers', disk: { path: dir } });
    await using pipeline = createPipeline({ providers: [openaiProvider(simulator.openaiBaseUrl)], cache });
    const { head, text } = await run(pipeline, chat('Half', { stream: true }));
    expect(head?.cache).toBe('miss');
    expect(text).toContain('[DONE]');
    await cache.close();
    await rm(dir, { recursive: true });
  });
});

describe('times beyond what a timer can hold', () => {
  it.each([2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])('%d ms are no time at all to wait', async (ms) => {
    await using stage = await createStage({ idleTimeoutMs: ms }, { faults: ['delay=30; chunk-delay=2'] });
    const bounds = { timeoutMs: ms, cache: { ttlMs: ms, staleIfErrorMs: ms } };
    for (const stream of [false, true]) {
      const { error } = await run(stage.pipeline, chat(`Patience ${stream}`, { stream }, bounds));
      expect(error).toBeUndefined();
    }
    expect((await run(stage.pipeline, chat('Patience true', {}, bounds))).head?.cache).toBe('hit');
  });
});
