import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createStage, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

let asked = 0;
/** A prompt that nobody has asked, so that each case begins with nothing stored. */
const fresh = (): string => `Question of case ${++asked}`;

interface Wishes {
  readonly headers?: Record<string, string>;
  readonly body?: Record<string, unknown>;
}

async function cacheOf(prompt: string, { headers, body }: Wishes = {}): Promise<string | null> {
  return (await ask(stage.url, prompt, body, headers)).cache;
}

/** Wishes under every name that they have. */
const reads: readonly Wishes[] = [
  { headers: { 'cache-control': 'no-cache' } },
  { headers: { 'Cache-Control': 'private, NO-CACHE' } },
  { headers: { 'x-portkey-cache-force-refresh': 'true' } },
  { body: { cache: { 'no-cache': true } } },
];
const stores: readonly Wishes[] = [
  { headers: { 'cache-control': 'no-store' } },
  { headers: { 'x-cache-ttl': '0' } },
  { headers: { 'cf-aig-cache-ttl': '0' } },
  { body: { cache: { 'no-store': true } } },
  { body: { cache: { ttl: 0 } } },
];
const lifetimes: readonly Wishes[] = [
  { headers: { 'x-cache-ttl': '60' } },
  { headers: { 'cf-aig-cache-ttl': '60' } },
  { body: { cache: { ttl: 60 } } },
];
const namespaces: readonly Wishes[] = [
  { headers: { 'x-cache-namespace': 'n' } },
  { body: { cache: { namespace: 'n' } } },
];

describe('what a request asks of the cache', () => {
  it.each(reads)('asks the provider anew, and stores what it says: %j', async (wishes) => {
    const prompt = fresh();
    expect(await cacheOf(prompt)).toBe('MISS');
    expect(await cacheOf(prompt, wishes)).toBe('REFRESH');
    expect(await cacheOf(prompt)).toBe('HIT');
  });

  it.each(stores)('stores nothing: %j', async (wishes) => {
    const prompt = fresh();
    expect(await cacheOf(prompt, wishes)).toBe('MISS');
    expect(await cacheOf(prompt)).toBe('MISS');
    expect(await cacheOf(prompt)).toBe('HIT');
  });

  it('neither reads nor stores: cf-aig-skip-cache', async () => {
    const prompt = fresh();
    await cacheOf(prompt);
    const wishes = { headers: { 'cf-aig-skip-cache': 'true' } };
    const { cache, headers } = await ask(stage.url, prompt, {}, wishes.headers);
    expect([cache, headers.get('x-cache-key')]).toEqual(['BYPASS', null]);
    expect(await cacheOf(prompt, { headers: { 'cf-aig-skip-cache': 'false' } })).toBe('HIT');
  });

  it.each(lifetimes)('keeps the answer for so long: %j', async ({ headers, body }) => {
    const prompt = fresh();
    await ask(stage.url, prompt, body, headers);
    const hit = await ask(stage.url, prompt);
    expect(hit.cache).toBe('HIT');
    expect(Number(hit.headers.get('x-cache-ttl'))).toBeLessThanOrEqual(60);
  });

  it.each(namespaces)('keeps namespaces apart: %j', async (wishes) => {
    const prompt = fresh();
    expect(await cacheOf(prompt, wishes)).toBe('MISS');
    expect(await cacheOf(prompt)).toBe('MISS');
    for (const same of namespaces) expect(await cacheOf(prompt, same)).toBe('HIT');
  });

  it('only looks: only-if-cached', async () => {
    const prompt = fresh();
    const looks = { 'cache-control': 'only-if-cached' };
    const none = await ask(stage.url, prompt, {}, looks);
    expect([none.status, JSON.parse(none.text).error.code]).toEqual([504, 'AI_NOT_CACHED']);
    await cacheOf(prompt);
    expect((await ask(stage.url, prompt, {}, looks)).cache).toBe('HIT');
  });

  it('only looks once, where an SDK does it', async () => {
    let looks = 0;
    const openai = new OpenAI({
      baseURL: `${stage.url}/v1`,
      apiKey: 'unused',
      defaultHeaders: { 'cache-control': 'only-if-cached' },
      fetch: (url, init) => {
        looks += 1;
        return fetch(url, init);
      },
    });
    const messages = [{ role: 'user' as const, content: fresh() }];
    await expect(openai.chat.completions.create({ model: 'gpt-4o-mini', messages })).rejects.toMatchObject({
      status: 504,
      code: 'AI_NOT_CACHED',
    });
    expect(looks).toBe(1);
  });

  it('takes no answer that is older: max-age', async () => {
    const prompt = fresh();
    await cacheOf(prompt);
    expect(await cacheOf(prompt, { headers: { 'cache-control': 'max-age=60' } })).toBe('HIT');
    expect(await cacheOf(prompt, { headers: { 'cache-control': 'max-age=0' } })).not.toBe('HIT');
  });

  it('takes the word of the caller for what makes two requests the same: x-cache-key', async () => {
    const headers = { 'x-cache-key': `mine ${fresh()}` };
    expect(await cacheOf(fresh(), { headers })).toBe('MISS');
    expect(await cacheOf(fresh(), { headers })).toBe('HIT');
  });

  it('sends none of its words on', async () => {
    const prompt = fresh();
    await cacheOf(prompt, { body: { cache: { ttl: 5 } }, headers: { 'x-cache-namespace': 'sent' } });
    const sent = JSON.stringify(stage.simulator.requests().at(-1));
    expect(sent).toContain(prompt);
    expect(sent).not.toContain('"cache"');
    expect(sent).not.toContain('x-cache');
  });

  // Last: the provider is left alone for a while behind it.
  it('takes one past its time when nobody answers: stale-if-error', async () => {
    const prompt = fresh();
    await cacheOf(prompt, { headers: { 'x-cache-ttl': '0.001' } });
    await expect.poll(() => cacheOf(prompt, { headers: { 'cache-control': 'only-if-cached' } })).toBe('MISS');
    stage.simulator.setFaults('status=400');
    const refused = await ask(stage.url, prompt);
    stage.simulator.setFaults('status=503; retry-after=1; retry-after-style=ms');
    const stale = await ask(stage.url, prompt, {}, { 'cache-control': 'stale-if-error=600' });
    const none = await ask(stage.url, prompt, {}, { 'cache-control': 'stale-if-error=0' });
    stage.simulator.clearFaults();
    // A refusal of the request itself is an answer.
    expect(refused.status).toBe(400);
    expect([stale.status, stale.cache]).toEqual([200, 'STALE']);
    expect(none.status).toBe(503);
  });
});
