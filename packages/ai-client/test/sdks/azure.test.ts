import { createServer } from 'node:http';
import { AzureOpenAI } from 'openai';
import { describe, expect, it } from 'vitest';
import { createPipeline } from '../../src/index.js';

const completion = {
  id: 'c',
  object: 'chat.completion',
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Tides.' }, finish_reason: 'stop' }],
};

describe('openai on Azure', () => {
  it('has its version in the query, which goes along and keeps answers apart', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(completion));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    await using pipeline = createPipeline({ providers: [] });
    try {
      const ask = async (apiVersion: string): Promise<string | null> => {
        const client = new AzureOpenAI({ apiKey: 'k', endpoint, apiVersion, fetch: pipeline.fetch });
        const messages = [{ role: 'user' as const, content: 'What comes twice a day?' }];
        const answer = client.chat.completions.create({ model: 'gpt-4o', messages });
        return (await answer.withResponse()).response.headers.get('x-cache');
      };
      expect([await ask('2024-06-01'), await ask('2024-06-01'), await ask('2024-10-21')]).toEqual([
        'MISS',
        'HIT',
        'MISS',
      ]);
      const path = '/openai/deployments/gpt-4o/chat/completions?api-version=';
      expect(asked).toEqual([`${path}2024-06-01`, `${path}2024-10-21`]);

      // The path says which model: the body need not.
      const url = `${endpoint}${path}2024-10-21`;
      const plain = await pipeline.fetch(url, { method: 'POST', body: '{"messages":[]}' });
      expect(await plain.json()).toEqual(completion);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
