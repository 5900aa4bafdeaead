import { describe, expect, it, vi } from 'vitest';
import { createSimulator, type SimulatorLimits } from '../../src/index.js';
import { type Bench, bench } from '../support.js';

const START = Date.parse('2026-03-04T05:06:00Z');

/** A simulator under limits with a clock that the test moves. */
async function limited(limits: SimulatorLimits): Promise<Bench & { now: number }> {
  const state = { now: START };
  const b = await bench({ limits, clock: () => state.now });
  return Object.defineProperty({ ...b, now: START }, 'now', {
    get: () => state.now,
    set: (value: number) => {
      state.now = value;
    },
  });
}

async function statuses(
  b: Bench,
  count: number,
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const response = await b.chat(body, headers);
    await response.text();
    seen.push(response.status);
  }
  return seen;
}

describe('requests per minute', () => {
  it('goes on refilling when the clock of the system is set back', async () => {
    const now = Date.now();
    const system = vi.spyOn(Date, 'now').mockReturnValue(now);
    try {
      await using b = await bench({ limits: { requestsPerMinute: 60_000, burstMs: 1 } });
      expect(await statuses(b, 1)).toEqual([200]);
      system.mockReturnValue(now - 3_600_000);
      await expect.poll(async () => await statuses(b, 1), { interval: 5 }).toEqual([200]);
    } finally {
      system.mockRestore();
    }
  });

  it('refills continuously, up to the burst', async () => {
    await using b = await limited({ requestsPerMinute: 60, burstMs: 2_000 });
    expect(await statuses(b, 3)).toEqual([200, 200, 429]);
    b.now += 999;
    expect(await statuses(b, 1)).toEqual([429]);
    b.now += 1;
    expect(await statuses(b, 2)).toEqual([200, 429]);
    b.now += 600_000;
    expect(await statuses(b, 3)).toEqual([200, 200, 429]);
    expect(b.simulator.stats().rateLimited).toBe(4);
  });

  it('says when to come back, truly', async () => {
    await using b = await limited({ requestsPerMinute: 60, burstMs: 1_000 });
    const first = await b.chat({});
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1s',
    });
    b.now += 250;
    const refused = await b.chat({});
    expect(refused.headers.get('retry-after-ms')).toBe('750');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ error: { code: 'rate_limit_exceeded', type: 'requests' } });
    b.now += 750;
    expect(await statuses(b, 1)).toEqual([200]);
  });

  it('starts anew every minute in fixed-window mode', async () => {
    await using b = await limited({ requestsPerMinute: 2, mode: 'fixed-window' });
    expect(await statuses(b, 3)).toEqual([200, 200, 429]);
    b.now += 59_999;
    expect(await statuses(b, 1)).toEqual([429]);
    b.now += 1;
    expect(await statuses(b, 1)).toEqual([200]);
  });

  it('is held per key and model', async () => {
    await using b = await limited({ requestsPerMinute: 1 });
    const as = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
    expect(await statuses(b, 2, {}, as('one'))).toEqual([200, 429]);
    expect(await statuses(b, 1, {}, as('two'))).toEqual([200]);
    expect(await statuses(b, 1, { model: 'other' }, as('one'))).toEqual([200]);
  });

  it('does not apply to what costs nothing', async () => {
    await using b = await limited({ requestsPerMinute: 1 });
    for (let index = 0; index < 3; index += 1) expect((await b.openai.models.list()).data).not.toEqual([]);
  });

  it('tells nothing when it shall not', async () => {
    await using b = await limited({ requestsPerMinute: 1, announce: false });
    await statuses(b, 1);
    const refused = await b.chat({});
    expect(refused.status).toBe(429);
    expect([...refused.headers.keys()].filter((name) => /retry|ratelimit/.test(name))).toEqual([]);
  });
});

describe('tokens per minute', () => {
  const THOUSAND = { 'x-simulator-answer': 'tokens=993' };

  it('counts prompt and answer together, all or nothing', async () => {
    await using b = await limited({ requestsPerMinute: 100, tokensPerMinute: 2_500 });
    expect(await statuses(b, 3, {}, THOUSAND)).toEqual([200, 200, 429]);
    const { headers } = await b.chat({});
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('97');
    expect(Number(headers.get('x-ratelimit-remaining-tokens'))).toBeGreaterThan(400);
  });

  it('refuses what can never fit, without a time', async () => {
    await using b = await limited({ tokensPerMinute: 500 });
    const refused = await b.chat({}, THOUSAND);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(await refused.json()).toMatchObject({
      error: { type: 'tokens', message: expect.stringContaining('Request too large') },
    });
  });

  it('counts input and output apart for Anthropic, with its headers', async () => {
    await using b = await limited({
      requestsPerMinute: 10,
      inputTokensPerMinute: 1_000,
      outputTokensPerMinute: 100,
    });
    const ask = (tokens: number) =>
      b.anthropic.messages
        .create(
          { model: 'c', max_tokens: 1_000, messages: [{ role: 'user', content: 'say hello' }] },
          { headers: { 'x-simulator-answer': `tokens=${tokens}` } },
        )
        .withResponse();
    const { response } = await ask(60);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'anthropic-ratelimit-requests-limit': '10',
      'anthropic-ratelimit-requests-remaining': '9',
      'anthropic-ratelimit-input-tokens-remaining': '993',
      'anthropic-ratelimit-output-tokens-remaining': '40',
      'anthropic-ratelimit-output-tokens-reset': new Date(START + 36_000).toISOString(),
    });
    const error = await ask(60).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error' });
    expect((error as { headers: Headers }).headers.get('retry-after')).toBe('12');
  });
});

describe('limits that change while running', () => {
  it('keep what is used as a share', async () => {
    await using b = await limited({ requestsPerMinute: 4 });
    expect(await statuses(b, 2)).toEqual([200, 200]);
    b.simulator.setLimits({ requestsPerMinute: 2 });
    expect(await statuses(b, 2)).toEqual([200, 429]);
    b.simulator.setLimits({});
    expect(await statuses(b, 5)).toEqual([200, 200, 200, 200, 200]);
  });

  it('by HTTP too', async () => {
    await using b = await limited({});
    const control = (method: string, body?: string): Promise<Response> =>
      fetch(`${b.simulator.url}/simulator/limits`, { method, ...(body === undefined ? {} : { body }) });
    expect(await (await control('PUT', '{"requestsPerMinute": 1}')).json()).toEqual({ requestsPerMinute: 1 });
    expect(await statuses(b, 2)).toEqual([200, 429]);
    expect((await control('PUT', '{"requestsPerMinute": -1}')).status).toBe(400);
    expect((await control('PUT', 'nonsense')).status).toBe(400);
    await control('DELETE');
    expect(await statuses(b, 1)).toEqual([200]);
  });

  it.each([
    { requestsPerMinute: Number.NaN },
    { burstMs: 0 },
    { mode: 'sliding' },
    { perHour: 1 },
    { announce: 1 },
  ])('refuses %j', async (limits) => {
    await expect(createSimulator({ limits: limits as SimulatorLimits })).rejects.toThrow(
      Object.keys(limits)[0],
    );
  });
});
