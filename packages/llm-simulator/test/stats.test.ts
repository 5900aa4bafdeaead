import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../src/index.js';
import { type Bench, bench, payloads } from './support.js';

async function settled(b: Bench): Promise<void> {
  while (b.simulator.stats().inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('totals', () => {
  it('equal the sum of the usage that was reported', async () => {
    await using b = await bench();
    const usages = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const body = {
          messages: [{ role: 'user', content: `Tell me about number ${index}` }],
          n: 1 + (index % 3),
        };
        if (index % 2 === 0)
          return ((await (await b.chat(body)).json()) as { usage: Record<string, number> }).usage;
        const text = await (
          await b.chat({ ...body, stream: true, stream_options: { include_usage: true } })
        ).text();
        return payloads(text).at(-1)?.usage as Record<string, number>;
      }),
    );
    const sum = (name: string): number => usages.reduce((total, usage) => total + (usage[name] ?? 0), 0);
    const { tokens, requests, models } = b.simulator.stats();
    expect(tokens).toMatchObject({ input: sum('prompt_tokens'), output: sum('completion_tokens') });
    expect(requests).toBe(20);
    expect(models['gpt-4o']).toMatchObject({ requests: 20, output: sum('completion_tokens') });
  });

  it('know how many requests were open at once', async () => {
    await using b = await bench({ faults: ['hang; times=2'] });
    const controller = new AbortController();
    const calls = [b.chat({}, {}, controller.signal), b.chat({}, {}, controller.signal)];
    while (b.simulator.stats().inFlight < 2) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await Promise.allSettled(calls);
    await settled(b);
    expect(b.simulator.stats()).toMatchObject({ inFlight: 0, maxInFlight: 2 });
    b.simulator.resetStats();
    expect(b.simulator.stats()).toMatchObject({ requests: 0, maxInFlight: 0 });
  });

  it('bill an aborted stream for what was emitted, and count it', async () => {
    await using b = await bench();
    const call = httpRequest(`${b.simulator.openaiBaseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'x-simulator-fault': 'hang-after=6' },
    });
    call.on('error', () => undefined);
    call.end(
      JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'say hello' }] }),
    );
    const [response] = await once(call, 'response');
    response.on('error', () => undefined);
    let text = '';
    while (payloads(text).length < 6) text += String((await once(response, 'data'))[0]);
    call.destroy();
    await settled(b);
    const content = payloads(text)
      .map((chunk) => (chunk.choices as { delta: { content?: string } }[])[0]?.delta.content ?? '')
      .join('');
    expect(b.simulator.stats()).toMatchObject({
      abortedStreams: 1,
      tokens: { input: 7, output: countTokens(content) },
    });
  });

  it.each([true, false])(
    'bill nothing to a reader who left before the answer began (streamed: %s)',
    async (stream) => {
      await using b = await bench();
      const controller = new AbortController();
      const left = b
        .chat({ stream }, { 'x-simulator-fault': 'delay=600000' }, controller.signal)
        .catch((error: unknown) => error);
      while (b.simulator.stats().inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      expect(await left).toBeInstanceOf(DOMException);
      await settled(b);
      expect(b.simulator.stats()).toMatchObject({
        abortedStreams: stream ? 1 : 0,
        tokens: { input: 0, output: 0 },
        routes: { 'chat.completions': { aborted: 1 } },
      });
    },
  );

  it('can be read and reset over HTTP, and are not touched by that', async () => {
    await using b = await bench();
    await (await b.chat({})).text();
    const control = async (method: string): Promise<unknown> =>
      (await fetch(`${b.simulator.url}/simulator/stats`, { method })).json();
    expect(await control('GET')).toMatchObject({ requests: 1, tokens: { input: 7 } });
    expect(await control('DELETE')).toMatchObject({ requests: 0, tokens: { input: 0 }, routes: {} });
    expect((await fetch(`${b.simulator.url}/simulator/nothing`)).status).toBe(404);
  });
});

describe('the request log', () => {
  it('shows what arrived, without secrets, newest last', async () => {
    await using b = await bench({ rememberRequests: 2 });
    for (const content of ['one', 'two', 'three'])
      await (
        await b.chat(
          { messages: [{ role: 'user', content }] },
          { authorization: 'Bearer sk-secret-0123456789', 'x-api-key': 'short' },
        )
      ).text();
    const { requests } = (await (await fetch(`${b.simulator.url}/simulator/requests`)).json()) as {
      requests: unknown[];
    };
    expect(requests).toEqual(JSON.parse(JSON.stringify(b.simulator.requests())));
    expect(requests).toMatchObject([
      { path: '/v1/chat/completions', body: { messages: [{ content: 'two' }] } },
      {
        method: 'POST',
        headers: { authorization: 'Bearer ***6789', 'x-api-key': '***' },
        body: { messages: [{ content: 'three' }] },
      },
    ]);
    expect(JSON.stringify(requests)).not.toContain('sk-secret');
  });
});

describe('answers of prescribed length', () => {
  it('has exactly so many tokens and chunks', async () => {
    await using b = await bench();
    const body = (await (await b.chat({}, { 'x-simulator-answer': 'tokens=1000' })).json()) as {
      usage: unknown;
      choices: { message: { content: string } }[];
    };
    expect(body.usage).toMatchObject({ completion_tokens: 1_000 });
    expect(body.choices[0]?.message.content).toHaveLength(4_000);
    const text = await (
      await b.chat({ stream: true }, { 'x-simulator-answer': 'tokens=1000; chunks=40' })
    ).text();
    expect(payloads(text)).toHaveLength(42);
    expect((await b.chat({}, { 'x-simulator-answer': 'tokens=none' })).status).toBe(400);
  });

  it.each([
    ['chat/completions', 50_000_000],
    ['responses', 5_000_000],
    ['messages', 5_000_000],
  ])(
    'sends %s of %i tokens, streamed and not, without ever holding them',
    async (route, tokens) => {
      await using b = await bench();
      for (const stream of [true, false]) {
        const call = httpRequest(`${b.simulator.openaiBaseUrl}/${route}`, {
          method: 'POST',
          headers: {
            'x-simulator-answer': `tokens=${tokens}; chunks=${tokens / 250}`,
            'anthropic-version': '2023-06-01',
          },
        });
        const messages = [{ role: 'user', content: 'x' }];
        const prompt = route === 'responses' ? { input: 'x' } : { messages, max_tokens: tokens };
        call.end(JSON.stringify({ model: 'm', stream, ...prompt }));
        const [response] = await once(call, 'response');
        let bytes = 0;
        for await (const chunk of response) bytes += chunk.length;
        expect(bytes).toBeGreaterThan(tokens * 4);
      }
      expect(b.simulator.stats()).toMatchObject({ tokens: { output: tokens * 2 }, inFlight: 0 });
    },
    120_000,
  );

  it('produces no more than the reader takes', async () => {
    await using b = await bench();
    const call = httpRequest(`${b.simulator.openaiBaseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'x-simulator-answer': 'tokens=50000000' },
    });
    call.on('error', () => undefined);
    call.end(JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'x' }] }));
    const [response] = await once(call, 'response');
    response.on('error', () => undefined);
    response.pause();
    // Many turns of the event loop: a server that ignored back-pressure would be far along by then.
    for (let turn = 0; turn < 2_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    call.destroy();
    await settled(b);
    expect(b.simulator.stats().tokens.output).toBeLessThan(2_000_000);
    expect(b.simulator.stats().abortedStreams).toBe(1);
  });
});

describe('pace', () => {
  it('holds bodies and streams back until the reader leaves', async () => {
    await using b = await bench({ tokensPerSecond: 0.001 });
    for (const stream of [true, false]) {
      const controller = new AbortController();
      const call = b.chat({ stream }, {}, controller.signal);
      while (b.simulator.stats().inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
      if (stream) await (await call).body?.getReader().read();
      controller.abort();
      await call.catch(() => undefined);
      await settled(b);
    }
    // The stream had sent its first piece, "Simulated", and was made to wait with the next; the body had sent nothing.
    expect(b.simulator.stats()).toMatchObject({
      tokens: { input: 7, output: countTokens('Simulated') },
      abortedStreams: 1,
      routes: { 'chat.completions': { aborted: 2 } },
    });
  });

  it('is kept by a stream that is read to its end', async () => {
    await using b = await bench({ tokensPerSecond: 2_000 });
    const text = await (await b.chat({ stream: true })).text();
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(b.simulator.stats().routes['chat.completions']).toMatchObject({ ok: 1 });
  });
});
