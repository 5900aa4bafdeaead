import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExchangeRequest, openaiProvider } from '../../src/index.js';
import { createRouter } from '../../src/routing/router.js';
import { readRequest } from '../../src/steps/read-request.js';
import { RecentRequests } from '../../src/steps/recent-requests.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage } from '../support/stage.js';

const providers = [
  openaiProvider('http://127.0.0.1:1/v1'),
  openaiProvider('http://127.0.0.1:2/v1', undefined, 'two'),
];
const router = createRouter(providers, []);

const request: fc.Arbitrary<ExchangeRequest> = fc.record(
  {
    surface: fc.constant('chat' as const),
    body: fc
      .tuple(fc.constantFrom('a', 'b', 'ü'), fc.constantFrom('', ' ', '\n'), fc.constantFrom('', ',"n":1'))
      .map(([text, space, rest]) =>
        Buffer.from(`{"model":"m",${space}"messages":[{"content":"${text}"}]${rest}}`),
      ),
    headers: fc.dictionary(fc.constantFrom('openai-x', 'openai-y'), fc.constantFrom('1', '2'), {
      noNullPrototype: true,
    }),
    provider: fc.constantFrom(...providers),
    tenant: fc.constantFrom('default', 'acme', 'null'),
    cache: fc.record(
      {
        read: fc.boolean(),
        store: fc.boolean(),
        onlyIfCached: fc.boolean(),
        namespace: fc.constantFrom('n', ''),
        key: fc.constantFrom('k', ''),
        sample: fc.nat(1),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { requiredKeys: ['surface', 'body'], noNullPrototype: true },
);

describe('RecentRequests', () => {
  it('takes two requests for the same only if they are read as the same', () => {
    const read = (asked: ExchangeRequest): unknown => {
      const { body, targets } = readRequest(asked, router);
      const [{ provider: _provider, ...target }] = targets;
      // Directives that say the same in other words (`store: true`) are the same to everything that reads them.
      return { body, target };
    };
    fc.assert(
      fc.property(request, request, (a, b) => {
        const recent = new RecentRequests();
        recent.keep(a, readRequest(a, router));
        const found = recent.find(b);
        if (found !== undefined) expect(read(a)).toEqual(read(b));
        const { provider, ...plain } = a;
        const copy = { ...structuredClone(plain), ...(provider === undefined ? {} : { provider }) };
        expect(recent.find(copy)).toBeDefined();
      }),
      { numRuns: 3000 },
    );
  });

  it('sends what the caller gave, though the bytes of an earlier one were changed since', async () => {
    await using stage = await createStage();
    const first = chat('the same words');
    const sent = Buffer.from(first.body);
    await run(stage.pipeline, first);
    await run(stage.pipeline, first);
    first.body.fill(0x20);
    const again = await run(stage.pipeline, { ...first, body: sent, cache: { ttlMs: 1000 } });
    expect(again.head?.cache).toBe('hit');
    await run(stage.pipeline, { ...first, body: sent, cache: { maxAgeMs: -1 } });
    expect(JSON.stringify(stage.simulator.requests().at(-1)?.body)).toContain('the same words');
    expect(stage.simulator.stats().requests).toBe(2);
  });

  it('goes by what directives and headers say now, though the caller changed the objects since', async () => {
    await using stage = await createStage();
    const cache = { namespace: 'a' };
    const headers = { 'openai-beta': 'x' };
    const ask = async (): Promise<unknown> =>
      (await run(stage.pipeline, chat('Tides', {}, { cache, headers }))).head?.cache;
    expect([await ask(), await ask()]).toEqual(['miss', 'hit']);
    cache.namespace = 'b';
    expect([await ask(), await ask()]).toEqual(['miss', 'hit']);
    headers['openai-beta'] = 'y';
    expect([await ask(), await ask()]).toEqual(['miss', 'hit']);
    cache.namespace = 'a';
    headers['openai-beta'] = 'x';
    expect(await ask()).toBe('hit');
  });

  it('tells two bodies of one checksum apart', () => {
    const [one, two] = collision();
    expect(crc32(one.body)).toBe(crc32(two.body));
    const recent = new RecentRequests();
    recent.keep(one, readRequest(one, router));
    expect(recent.find(two)).toBeUndefined();
    recent.keep(two, readRequest(two, router));
    expect(recent.find(two)?.body).toEqual(JSON.parse(two.body.toString()));
  });

  it('forgets by generations, and keeps what is used', () => {
    const recent = new RecentRequests();
    const keep = (name: string): ExchangeRequest => {
      const asked = chat(name.padEnd(30_000));
      recent.keep(asked, readRequest(asked, router));
      return asked;
    };
    const used = keep('used');
    const unused = keep('unused');
    for (let other = 0; other < 300; other++) {
      keep(`other ${other}`);
      expect(recent.find(used)).toBeDefined();
    }
    expect(recent.find(unused)).toBeUndefined();
    const long = chat('x'.repeat(40_000));
    recent.keep(long, readRequest(long, router));
    expect(recent.find(long)).toBeUndefined();
  });
});

/** Two requests with one checksum: among a hundred thousand there are some (the birthday paradox). */
function collision(): [ExchangeRequest, ExchangeRequest] {
  const seen = new Map<number, string>();
  for (let number = 0; ; number++) {
    const prompt = hash('sha256', String(number)).slice(0, 16);
    const sum = crc32(chat(prompt).body);
    const other = seen.get(sum);
    if (other !== undefined) return [chat(other), chat(prompt)];
    seen.set(sum, prompt);
  }
}
