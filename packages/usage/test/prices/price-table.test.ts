import { describe, expect, it } from 'vitest';
import { createPriceTable } from '../../src/index.js';
import { priceList } from '../../src/prices/price-list.js';

const million = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

describe('createPriceTable', () => {
  it('prices input, cached input and output apart', () => {
    const table = createPriceTable();
    expect(table.price('openai', 'gpt-4o', million)).toEqual({ known: true, usd: 12.5 });
    const cached = { ...million, cachedInputTokens: 400_000 };
    expect(table.price('openai', 'gpt-4o', cached)).toEqual({ known: true, usd: 12 });
  });

  it('never charges more cached tokens than there were tokens', () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0, cachedInputTokens: 9_000_000 };
    expect(createPriceTable().price('openai', 'gpt-4o', usage)).toEqual({ known: true, usd: 1.25 });
  });

  it('says unknown of an unknown model, and of a known model at an unknown provider', () => {
    const table = createPriceTable();
    expect(table.price('openai', 'gpt-99', million)).toEqual({ known: false, reason: 'unknown-model' });
    expect(table.price('elsewhere', 'gpt-4o', million).known).toBe(false);
    expect(table.price('openai', '__proto__', million).known).toBe(false);
    expect(table.price('openai', 'constructor', million).known).toBe(false);
  });

  it.each([
    ['openai', 'gpt-4o-2024-08-06', 'gpt-4o'],
    ['openai', 'GPT-4o', 'gpt-4o'],
    ['anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['anthropic', 'claude-haiku-4-5@20251001', 'claude-haiku-4-5'],
    ['anthropic', 'claude-3-5-haiku-latest', 'claude-3-5-haiku'],
    ['anthropic', 'claude-opus-4-0', 'claude-opus-4'],
  ])('resolves %s %s to %s', (provider, model, base) => {
    const table = createPriceTable();
    expect(table.find(provider, model)).toBe(table.find(provider, base));
    expect(table.find(provider, model)).toBeDefined();
  });

  it('lets a snapshot have a price of its own', () => {
    const table = createPriceTable();
    expect(table.find('openai', 'gpt-4o-2024-05-13')?.inputUsd).toBe(5);
    expect(table.find('openai', 'gpt-4o-2024-11-20')?.inputUsd).toBe(2.5);
  });

  it('charges the long-prompt price for the whole request', () => {
    const table = createPriceTable();
    const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 1_000_000 });
    expect(table.price('anthropic', 'claude-haiku-5-5', usage(100_000))).toEqual({ known: true, usd: 0.51 });
    expect(table.price('anthropic', 'claude-haiku-5-5', usage(200_000))).toEqual({ known: true, usd: 2.6 });
  });

  it('takes whatever the simulator and Ollama answer for free', () => {
    const table = createPriceTable();
    expect(table.price('simulator', 'anything', million)).toEqual({ known: true, usd: 0 });
    expect(table.price('ollama', 'llama3.2:latest', million)).toEqual({ known: true, usd: 0 });
  });

  it('asks the overrides first, from the narrow to the wide', () => {
    const table = createPriceTable({
      overrides: {
        'openai/gpt-4o': { inputUsd: 1, outputUsd: 1 },
        'my-model': { inputUsd: 2, outputUsd: 2 },
        'local/*': { inputUsd: 0, outputUsd: 0 },
      },
    });
    expect(table.find('openai', 'gpt-4o-2024-08-06')?.inputUsd).toBe(1);
    expect(table.find('azure', 'gpt-4o')).toBeUndefined();
    expect(table.find('azure', 'My-Model')?.inputUsd).toBe(2);
    expect(table.find('local', 'my-model')?.inputUsd).toBe(2);
    expect(table.find('local', 'gpt-4o')?.inputUsd).toBe(0);
  });

  it('refuses prices that are none, by name', () => {
    expect(() => createPriceTable({ overrides: { m: { inputUsd: -1, outputUsd: 0 } } })).toThrow(
      new RangeError('overrides["m"].inputUsd must be zero or more, got -1'),
    );
    const text = { inputUsd: '3', outputUsd: 0 } as never;
    expect(() => createPriceTable({ overrides: { m: text } })).toThrow(TypeError);
  });

  it('has a list that says of when and where it is', () => {
    expect(createPriceTable().asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const [provider, models] of Object.entries(priceList.models)) {
      expect(priceList.sources[provider]).toMatch(/^https:/);
      for (const price of Object.values(models)) {
        expect(price.cachedInputUsd ?? 0).toBeLessThanOrEqual(price.inputUsd);
      }
    }
  });

  it('gives the same answer for more names than it remembers', () => {
    const table = createPriceTable();
    for (let index = 0; index < 2500; index += 1) table.find('openai', `invented-${index}`);
    expect(table.price('openai', 'gpt-4o', million)).toEqual({ known: true, usd: 12.5 });
  });
});
