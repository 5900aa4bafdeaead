import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { bench } from '../support.js';

const NOW = Date.parse('2026-03-04T05:06:07Z');

describe('429 with each style of header', () => {
  it.each([
    ['seconds', { 'retry-after': '3' }],
    ['date', { 'retry-after': 'Wed, 04 Mar 2026 05:06:09 GMT' }],
    ['ms', { 'retry-after-ms': '2500' }],
    ['x-ms', { 'x-ms-retry-after-ms': '2500' }],
    ['openai', { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2.5s' }],
    ['anthropic', { 'anthropic-ratelimit-requests-reset': '2026-03-04T05:06:09.500Z' }],
    ['ms+seconds', { 'retry-after-ms': '2500', 'retry-after': '3' }],
  ])('%s', async (style, expected) => {
    await using b = await bench({ clock: () => NOW });
    const response = await b.chat(
      {},
      { 'x-simulator-fault': `status=429; retry-after=2500; retry-after-style=${style}` },
    );
    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toMatchObject(expected);
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_exceeded', type: 'requests' } });
  });

  it('none at all', async () => {
    await using b = await bench();
    const { headers } = await b.chat({}, { 'x-simulator-fault': 'status=429; retry-after-style=none' });
    expect([...headers.keys()].filter((name) => /retry|ratelimit/.test(name))).toEqual([]);
  });

  it('x-should-retry either way', async () => {
    await using b = await bench();
    for (const value of ['true', 'false']) {
      const { headers } = await b.chat({}, { 'x-simulator-fault': `status=500; should-retry=${value}` });
      expect(headers.get('x-should-retry')).toBe(value);
    }
  });

  it.each([
    ['0', '0ms'],
    ['20', '20ms'],
    ['1000', '1s'],
    ['360000', '6m0s'],
    ['3661500', '1h1m1.5s'],
  ])('writes %s ms as %s', async (wait, text) => {
    await using b = await bench();
    const { headers } = await b.chat(
      {},
      { 'x-simulator-fault': `status=429; retry-after=${wait}; retry-after-style=openai` },
    );
    expect(headers.get('x-ratelimit-reset-requests')).toBe(text);
  });
});

describe('errors instead of answers', () => {
  it('exhausted credit, overload and server errors are typed by the official client', async () => {
    await using b = await bench();
    const ask = (fault: string): Promise<unknown> =>
      b.openai.chat.completions
        .create(
          { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] },
          { headers: { 'x-simulator-fault': fault } },
        )
        .catch((error: unknown) => error);
    expect(await ask('error=insufficient_quota')).toMatchObject({
      status: 429,
      code: 'insufficient_quota',
      type: 'insufficient_quota',
    });
    expect(await ask('error=context_length_exceeded')).toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      type: 'invalid_request_error',
    });
    expect(await ask('status=503')).toBeInstanceOf(OpenAI.InternalServerError);
    expect(await ask('reset')).toBeInstanceOf(OpenAI.APIConnectionError);
  });

  it('a 200 whose body is an error', async () => {
    await using b = await bench();
    const response = await b.chat({}, { 'x-simulator-fault': 'error-body; error=overloaded' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ error: { code: 'overloaded' } });
    expect(b.simulator.stats()).toMatchObject({
      tokens: { input: 0, output: 0 },
      routes: { 'chat.completions': { faulted: 1 } },
    });
  });

  it('bills nothing and counts by kind', async () => {
    await using b = await bench();
    for (const fault of ['status=429', 'status=500', 'status=404', 'reset'])
      await b.chat({}, { 'x-simulator-fault': fault }).catch(() => undefined);
    expect(b.simulator.stats()).toMatchObject({
      requests: 4,
      rateLimited: 1,
      inFlight: 0,
      tokens: { input: 0, output: 0 },
      routes: { 'chat.completions': { ok: 0, rate_limited: 1, failed: 1, rejected: 1, faulted: 1 } },
    });
  });
});
