import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { readJson } from './support/read-json.js';
import { createStage, type Stage } from './support/stage.js';

interface Page {
  readonly entries: readonly { readonly key: string; readonly createdAt: number; readonly size: number }[];
  readonly next?: string;
  readonly matched: number;
  readonly bytes: number;
}

let stage: Stage;
const keys: string[] = [];
beforeAll(async () => {
  stage = await createStage({ config: '[cache]\nkeepRequests = true\n' });
  for (let index = 0; index < 25; index++)
    keys.push((await ask(stage.url, `Question of ${index} tides`)).headers.get('x-cache-key') ?? '');
  await ask(stage.url, 'Another model', { model: 'gpt-4o' });
  await fetch(`${stage.url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'unused' },
    body: JSON.stringify({
      model: 'claude-haiku-5-5',
      max_tokens: 64,
      messages: [{ role: 'user', content: 'In the other format' }],
    }),
  }).then((response) => response.text());
});
afterAll(() => stage[Symbol.asyncDispose]());

function search(query: string): Promise<Page> {
  return readJson<Page>(fetch(`${stage.url}/api/cache/entries${query}`));
}

describe('the search of stored answers', () => {
  it('pages through all of them, the newest first, each once', async () => {
    const seen: string[] = [];
    let after = '';
    let pages = 0;
    for (let page: Page | undefined; page === undefined || page.next !== undefined; pages++) {
      page = await search(`?model=gpt-4o-mini&limit=10${after}`);
      expect(page.matched).toBe(25);
      const times = page.entries.map(({ createdAt }) => createdAt);
      expect(times).toEqual([...times].sort((a, b) => b - a));
      seen.push(...page.entries.map(({ key }) => key));
      after = `&after=${encodeURIComponent(page.next ?? '')}`;
    }
    expect(pages).toBe(3);
    expect([...seen].sort()).toEqual([...keys].sort());
    const refused = await fetch(`${stage.url}/api/cache/entries?after=nonsense`);
    expect(refused.status).toBe(400);
  });

  it('finds by surface, tenant, key, tier, age, size and text', async () => {
    const key = keys[7] ?? '';
    const count = async (query: string): Promise<number> => (await search(query)).entries.length;
    expect(await count('?surface=messages')).toBe(1);
    expect(await count('?surface=chat')).toBe(26);
    expect(await count('?model=gpt-4o')).toBe(1);
    expect(await count('?tenant=default')).toBe(27);
    expect(await count('?tenant=nobody')).toBe(0);
    expect((await search(`?key=${key.slice(0, 10)}`)).entries.map((entry) => entry.key)).toEqual([key]);
    // The disk gathers answers for a moment.
    await expect.poll(() => count('?tier=disk')).toBe(27);
    expect(await count('?olderThan=1h')).toBe(0);
    expect(await count('?newerThan=1h')).toBe(27);
    const bySize = (await search('?sort=size')).entries.map(({ size }) => size);
    expect(bySize).toEqual([...bySize].sort((a, b) => b - a));
    expect(await count(`?minBytes=${bySize[0]}`)).toBeGreaterThanOrEqual(1);
    expect(await count(`?maxBytes=${(bySize.at(-1) ?? 0) - 1}`)).toBe(0);
    const found = await search('?text=question%20OF%207%20tides');
    expect(found.entries.map((entry) => entry.key)).toEqual([key]);
    expect(found.next).toBeUndefined();
  });
});
