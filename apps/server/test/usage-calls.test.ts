import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import type { LedgerCall } from '@ai-toolkit/usage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, keysOf } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createHome, startServerProcess } from './support/server-process.js';

const adminKey = 'correct-horse-battery-staple';

/** A model of another name, whose first upstream can be made to know nothing of it. */
const config = `
[[routes]]
model = "fast"
targets = [{ provider = "anthropic", model = "claude-haiku-4-5" }]
fallbacks = [{ provider = "openai-compatible", model = "gpt-4o-mini" }]
`;

interface Page {
  readonly calls: readonly LedgerCall[];
  readonly next: string | null;
}

interface Whole {
  readonly call: LedgerCall;
  readonly timings: Readonly<Record<string, number | null>>;
}

let stack: AsyncDisposableStack;
let simulator: Simulator;
let url: string;
let home: string;
let secrets: { one: string; two: string };
let keyIds: { one: string; two: string };

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  simulator = stack.use(await createSimulator());
  home = stack.use(await createHome()).path;
  await writeFile(join(home, 'config.toml'), config);
  secrets = {
    one: await createKey(home, { name: 'one', tenant: 'red' }),
    two: await createKey(home, { name: 'two', tenant: 'blue' }),
  };
  await using keyring = keysOf(home);
  const ids = Object.fromEntries((await keyring.list()).map(({ name, id }) => [name, id]));
  keyIds = { one: ids.one ?? '', two: ids.two ?? '' };
  const environment = {
    OPENAI_BASE_URL: simulator.openaiBaseUrl,
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
    ANTHROPIC_API_KEY: 'sk-ant-x',
    AI_TOOLKIT_ADMIN_KEY: adminKey,
  };
  url = stack.use(await startServerProcess(home, environment)).url;
  for (let index = 0; index < 6; index += 1) await ask('one', `A question, number ${index}`);
  await ask('one', 'A question, number 0');
  await ask('two', 'Refused [simulator-fault: status=400]');
  simulator.setFaults('status=404; path=/v1/messages');
  await ask('two', 'Renamed', { model: 'fast' });
  simulator.clearFaults();
  await ask('two', 'In pieces', { stream: true, model: 'gpt-4o' });
});
afterAll(() => stack.disposeAsync());

async function ask(key: 'one' | 'two', prompt: string, body: Record<string, unknown> = {}): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets[key]}` },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }], ...body }),
  });
  await response.text();
  return response.headers.get('x-request-id') ?? '';
}

function admin(path: string): Promise<Response> {
  return fetch(url + path, { headers: { authorization: `Bearer ${adminKey}` } });
}

const calls = (query: string): Promise<Page> => readJson<Page>(admin(`/api/usage/calls?${query}`));

describe('GET /api/usage/calls', { timeout: 30_000 }, () => {
  it('goes from page to page, to the end', async () => {
    const all = await calls('');
    expect(all.calls).toHaveLength(10);
    expect(all.next).toBeNull();
    const seen: LedgerCall[] = [];
    let cursor = '';
    for (;;) {
      const page: Page = await calls(`limit=4${cursor}`);
      seen.push(...page.calls);
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(seen).toEqual(all.calls);
  });

  it('filters by whatever a call is told apart by, alone and together', async () => {
    const found = async (query: string): Promise<number> => (await calls(query)).calls.length;
    expect(await found('status=error')).toBe(1);
    expect(await found('cache=hit')).toBe(1);
    expect(await found('tenant=red')).toBe(7);
    expect(await found(`key=${keyIds.two}`)).toBe(3);
    expect(await found(`key=${keyIds.two}&status=ok`)).toBe(2);
    expect(await found('model=gpt-4o-mini')).toBe(9);
    expect(await found('provider=openai-compatible&surface=chat&model=gpt-4o')).toBe(1);
    expect(await found('surface=embeddings')).toBe(0);
    expect(await found('project=none')).toBe(0);
    expect(await found('errorCode=AI_TIMEOUT')).toBe(0);
    expect(await found('since=1h')).toBe(10);
    expect(await found('until=1h')).toBe(0);
    expect(await found(`since=${new Date().toISOString().slice(0, 10)}T00:00:00Z&until=0s`)).toBe(10);
    const [{ requestId = '' } = {}] = (await calls('cache=hit')).calls;
    expect(await found(`requestIdPrefix=${requestId.slice(0, 13)}`)).toBe(1);
  });

  it('refuses what is no filter, no moment and no cursor', async () => {
    for (const query of [
      'colour=red',
      'status=fine',
      'since=yesterday',
      'cursor=x',
      'limit=0',
      'until=2026-99',
    ])
      expect((await admin(`/api/usage/calls?${query}`)).status, query).toBe(400);
  });

  it('tells of a row what a page needs: key, tenant, both names of the model, fallbacks, cost and tokens', async () => {
    const [call] = (await calls(`key=${keyIds.two}&model=gpt-4o-mini&status=ok`)).calls;
    expect(call).toMatchObject({
      tenant: 'blue',
      labels: { key: keyIds.two },
      askedModel: 'fast',
      model: 'gpt-4o-mini',
      provider: 'openai-compatible',
      fallbacks: 1,
      cache: 'miss',
      billed: { input: expect.any(Number), output: expect.any(Number) },
      saved: { input: 0, output: 0 },
      billedUsd: null,
    });
    const [hit] = (await calls('cache=hit')).calls;
    expect(hit?.saved).toEqual(hit?.replayed);
    expect(JSON.stringify(await calls(''))).not.toContain(secrets.one);
  });
});

describe('GET /api/usage/calls/{requestId}', { timeout: 30_000 }, () => {
  it('is one call whole, and its times add up', async () => {
    const requestId = await ask('one', 'Slow [simulator-fault: delay=120] [simulator-answer: tokens=20]', {
      stream: true,
    });
    const { call, timings } = await readJson<Whole>(admin(`/api/usage/calls/${requestId}`));
    expect(call).toMatchObject({ requestId, streamed: true, attempts: 1, labels: { key: keyIds.one } });
    const { queuedMs, providerWaitMs, overheadMs, deliveryMs, firstByteMs, totalMs } = timings;
    expect(providerWaitMs).toBeGreaterThanOrEqual(119);
    expect(Number(queuedMs) + Number(providerWaitMs) + Number(overheadMs)).toBeCloseTo(
      Number(firstByteMs),
      6,
    );
    expect(Number(firstByteMs) + Number(deliveryMs)).toBeCloseTo(Number(totalMs), 6);
    expect(call.upstreamMs).toBeGreaterThanOrEqual(Number(providerWaitMs));
  });

  it('says what a hit has no part in', async () => {
    const requestId = await ask('one', 'A question, number 1');
    const { timings } = await readJson<Whole>(admin(`/api/usage/calls/${requestId}`));
    expect(timings).toMatchObject({ queuedMs: null, providerWaitMs: null, overheadMs: expect.any(Number) });
  });

  it('is a 404 for a call that there is not', async () => {
    const response = await admin('/api/usage/calls/nobody');
    expect(response.status).toBe(404);
    expect(await readJson(response)).toMatchObject({ error: { code: 'USAGE_CALL_NOT_FOUND' } });
  });
});

it('GET /api/usage splits by key', { timeout: 30_000 }, async () => {
  const { groups } = await readJson<{ groups: { name: string; calls: number }[] }>(
    admin('/api/usage?by=key&since=1h'),
  );
  expect(new Set(groups.map(({ name }) => name))).toEqual(new Set([keyIds.one, keyIds.two]));
  expect(groups.find(({ name }) => name === keyIds.two)?.calls).toBe(3);
});
