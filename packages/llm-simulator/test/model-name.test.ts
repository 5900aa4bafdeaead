import { describe, expect, it } from 'vitest';
import { createSimulator } from '../src/index.js';

describe('known models', () => {
  it('takes a name that ends in * for a family, and does not list it', async () => {
    await using simulator = await createSimulator({ models: ['house-1', 'gpt-*'], strictModels: true });
    const ask = async (model: string): Promise<number> => {
      const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'x' }] });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${simulator.openaiBaseUrl}/chat/completions`, { method: 'POST', headers, body }))
        .status;
    };
    expect([await ask('house-1'), await ask('gpt-99'), await ask('house-2'), await ask('gpt')]).toEqual([
      200, 200, 404, 404,
    ]);
    const response = await fetch(`${simulator.openaiBaseUrl}/models`);
    const { data } = (await response.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(['house-1']);
  });
});
