import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createKey } from './support/keys.js';
import { createStage, perInput, perOutput } from './support/stage.js';

const requestId = /^[0-9a-f-]{36}$/;
const decimal = /^\d+(\.\d+)?$/;

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

function costOf({ prompt_tokens, completion_tokens }: Usage): number {
  return prompt_tokens * perInput + completion_tokens * perOutput;
}

function lastEvents(text: string): Record<string, unknown>[] {
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json ?? '{}'));
}

describe('headers of an answer', () => {
  it('tell where it came from, what it cost, how often the provider was asked and what time was ours', async () => {
    await using stage = await createStage({ simulator: { faults: ['delay=300'] } });
    const askedAt = performance.now();
    const miss = await ask(stage.url, 'Tides');
    const totalMs = performance.now() - askedAt;
    expect(miss.headers.get('x-cache')).toBe('MISS');
    expect(miss.headers.get('x-attempts')).toBe('1');
    expect(miss.headers.get('x-request-id')).toMatch(requestId);
    expect(miss.headers.get('x-cache-key')).toMatch(/^[0-9a-f]{64}$/);
    expect(Number(miss.headers.get('x-cost-usd'))).toBeCloseTo(costOf(JSON.parse(miss.text).usage), 10);
    expect(miss.headers.get('x-overhead-ms')).toMatch(decimal);
    // Whatever else takes its time, the provider's is no part of it.
    expect(Number(miss.headers.get('x-overhead-ms'))).toBeLessThanOrEqual(totalMs - 300 + 2);
    for (const body of [{}, { stream: true }]) {
      const hit = await ask(stage.url, 'Tides', body);
      expect(hit.headers.get('x-cache')).toBe('HIT');
      expect(hit.headers.get('x-attempts')).toBe('0');
      expect(hit.headers.get('x-cost-usd')).toBe('0');
      expect(hit.headers.get('x-cache-key')).toBe(miss.headers.get('x-cache-key'));
      expect(Number(hit.headers.get('x-cache-ttl'))).toBeGreaterThan(0);
      expect(hit.headers.get('age')).toMatch(/^\d+$/);
      expect(hit.headers.get('x-overhead-ms')).toMatch(decimal);
    }
  });

  it('leave out what a stream costs, which is told in its last event to who asks for the usage', async () => {
    await using stage = await createStage();
    const plain = await ask(stage.url, 'Tides', { stream: true });
    expect(plain.headers.get('x-cost-usd')).toBeNull();
    expect(plain.headers.get('x-overhead-ms')).toMatch(decimal);
    expect(plain.text).not.toContain('x_ai_toolkit');
    const wanting = { stream: true, stream_options: { include_usage: true } };
    for (const [prompt, cache] of [
      ['Tides', 'HIT'],
      ['Moons', 'MISS'],
      ['Moons', 'HIT'],
    ] as const) {
      const { text, headers } = await ask(stage.url, prompt, wanting);
      const events = lastEvents(text);
      const noted = events.filter((event) => 'x_ai_toolkit' in event);
      expect(noted).toEqual([events.at(-1)]);
      const [{ usage, choices, x_ai_toolkit: note } = {}] = noted;
      expect(choices).toEqual([]);
      expect(note).toEqual({
        request_id: headers.get('x-request-id'),
        cache,
        attempts: cache === 'HIT' ? 0 : 1,
        cost_usd: cache === 'HIT' ? 0 : expect.closeTo(costOf(usage as Usage), 12),
      });
      expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    }
    const whole = await ask(stage.url, 'Moons');
    expect(whole.headers.get('x-cache')).toBe('HIT');
    expect(whole.text).not.toContain('x_ai_toolkit');
  });

  it('pass the streams of other wire formats as they came', async () => {
    await using stage = await createStage();
    for (const [path, body] of [
      ['/v1/responses', { model: 'gpt-4o-mini', input: 'Tides' }],
      [
        '/v1/messages',
        { model: 'claude-haiku-5-5', max_tokens: 99, messages: [{ role: 'user', content: 'T' }] },
      ],
    ] as const) {
      const response = await fetch(stage.url + path, {
        method: 'POST',
        body: JSON.stringify({ ...body, stream: true }),
      });
      expect(await response.text()).not.toContain('x_ai_toolkit');
      for (const name of ['x-request-id', 'x-overhead-ms', 'x-attempts', 'x-cache-key'])
        expect(response.headers.get(name), `${path} ${name}`).not.toBeNull();
    }
  });

  it('have no price where none is known', async () => {
    await using stage = await createStage();
    const { headers } = await ask(stage.url, 'Tides', { model: 'a-model-of-our-own' });
    expect(headers.get('x-cost-usd')).toBeNull();
    expect((await ask(stage.url, 'Tides', { model: 'a-model-of-our-own' })).headers.get('x-cost-usd')).toBe(
      '0',
    );
  });

  it('are there with errors as well, by whomever they are', async () => {
    await using stage = await createStage({ simulator: { strictModels: true } });
    const unknown = await ask(stage.url, 'Tides', { model: 'no-such-model' });
    const unread = await ask(stage.url, 'Tides', { model: 7 });
    const uncached = await ask(stage.url, 'Tides', {}, { 'cache-control': 'only-if-cached' });
    expect([unknown, unread, uncached].map(({ status }) => status)).toEqual([404, 400, 504]);
    expect(unknown.headers.get('x-attempts')).toBe('1');
    expect(uncached.headers.get('x-cache')).toBe('MISS');
    for (const { headers } of [unknown, unread, uncached]) {
      expect(headers.get('x-request-id')).toMatch(requestId);
      expect(headers.get('x-overhead-ms')).toMatch(decimal);
      expect(headers.get('x-attempts')).toMatch(/^[01]$/);
      expect(headers.get('x-cost-usd')).toBe('0');
    }
    for (const path of ['/healthz', '/v1/models', '/api/usage', '/nowhere', '/api/usage?by=nothing'])
      expect((await fetch(stage.url + path)).headers.get('x-request-id'), path).toMatch(requestId);
  });

  it('count the attempts that it took', async () => {
    await using stage = await createStage();
    stage.simulator.setFaults('status=503; times=1; retry-after=1');
    const { status, headers } = await ask(stage.url, 'Tides');
    expect(status).toBe(200);
    expect(headers.get('x-attempts')).toBe('2');
  });
});

const limitHeaders = ['limit', 'remaining', 'reset'].flatMap((field) =>
  ['requests', 'tokens'].map((unit) => `x-ratelimit-${field}-${unit}`),
);

describe('a 429', () => {
  it('of our limits for a provider tells the limits, when to come back, and the place in the queue', async () => {
    await using stage = await createStage({
      config: '[limits]\nrequestsPerMinute = 1\ntokensPerMinute = 100000\nmaxWaitMs = 1000\n',
    });
    await ask(stage.url, 'Tides');
    const { status, text, headers } = await ask(stage.url, 'Moons');
    expect(status).toBe(429);
    expect(JSON.parse(text).error.code).toBe('LIMIT_WAIT_TOO_LONG');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    for (const name of limitHeaders) expect(headers.get(name), name).not.toBeNull();
    expect(headers.get('x-ratelimit-limit-requests')).toBe('1');
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(headers.get('x-queue-position')).toBe('0');
    expect(Number(headers.get('x-queue-wait-ms'))).toBeGreaterThan(1000);
  });

  it('of a provider that says nothing more tells when to come back all the same', async () => {
    await using stage = await createStage();
    stage.simulator.setFaults('status=429');
    const { status, headers } = await ask(stage.url, 'Tides');
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    for (const unit of ['requests', 'tokens']) {
      expect(headers.get(`x-ratelimit-remaining-${unit}`)).toMatch(/^\d+$/);
      expect(headers.get(`x-ratelimit-reset-${unit}`)).toMatch(/^\d+(\.\d)?m?s$/);
    }
  });

  it('of the limits that keys share tells a holder nothing of the others', async () => {
    await using stage = await createStage({
      config: '[limits]\nrequestsPerMinute = 1\ntokensPerMinute = 100000\nmaxWaitMs = 1000\n',
    });
    const a = { authorization: `Bearer ${await createKey(stage.home, { tenant: 'a' })}` };
    const b = { authorization: `Bearer ${await createKey(stage.home, { tenant: 'b' })}` };
    expect((await ask(stage.url, 'Tides', {}, a)).status).toBe(200);
    const { status, headers } = await ask(stage.url, 'Moons', {}, b);
    expect(status).toBe(429);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    for (const unit of ['requests', 'tokens']) {
      expect(headers.get(`x-ratelimit-limit-${unit}`)).toBeNull();
      expect(headers.get(`x-ratelimit-remaining-${unit}`)).toBe('0');
    }
  });
});
