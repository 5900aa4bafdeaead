import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { bench } from '../support.js';

function cosine(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

describe('embeddings through the official client', () => {
  it('gives unit vectors, nearer where texts share words', async () => {
    await using b = await bench();
    const input = ['the tide clock on the wall', 'a wall clock showing tides', 'bread and butter recipes'];
    const { data, usage } = await b.openai.embeddings.create({ model: 'text-embedding-3-small', input });
    const [first = [], second = [], third = []] = data.map(({ embedding }) => embedding);
    expect(first).toHaveLength(1_536);
    expect(cosine(first, first)).toBeCloseTo(1, 5);
    expect(cosine(first, second)).toBeGreaterThan(cosine(first, third) + 0.2);
    expect(usage).toEqual({ prompt_tokens: 20, total_tokens: 20 });
    expect(b.simulator.stats().tokens).toMatchObject({ input: 20, output: 0 });
  });

  it('is the same in base64 and as numbers, in any size', async () => {
    await using b = await bench();
    const body = { model: 'text-embedding-3-large', input: 'tide', dimensions: 64 };
    const packed = await b.openai.embeddings.create(body);
    const plain = await b.openai.embeddings.create({ ...body, encoding_format: 'float' });
    expect(packed.data[0]?.embedding).toHaveLength(64);
    expect([...(packed.data[0]?.embedding ?? [])]).toEqual(plain.data[0]?.embedding);
  });

  it.each([
    { input: '' },
    { input: [] },
    { input: ['x', ''] },
    { input: 'x', dimensions: 9_999 },
    { input: 'x', encoding_format: 'hex' },
  ])('400 for %j', async (more) => {
    await using b = await bench();
    const body = { model: 'text-embedding-3-small', ...more } as OpenAI.EmbeddingCreateParams;
    await expect(b.openai.embeddings.create(body)).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });
});

describe('models', () => {
  it('lists and retrieves in either shape', async () => {
    await using b = await bench({ models: ['gpt-4o', 'claude-sonnet-5-5'] });
    expect((await b.openai.models.list()).data.map(({ id }) => id)).toEqual(['gpt-4o', 'claude-sonnet-5-5']);
    expect(await b.openai.models.retrieve('gpt-4o')).toMatchObject({ object: 'model' });
    const list = await b.anthropic.models.list();
    expect(list.data[1]).toMatchObject({ type: 'model', id: 'claude-sonnet-5-5' });
    expect(list.hasNextPage()).toBe(false);
    expect(await b.anthropic.models.retrieve('claude-sonnet-5-5')).toMatchObject({ type: 'model' });
    await expect(b.openai.models.retrieve('nope')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });
});
