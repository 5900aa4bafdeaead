import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect, it } from 'vitest';
import { createKey } from './support/keys.js';
import { createStage } from './support/stage.js';

it('a client whose base URL is off by /v1 is told so, and not that its key is the wrong one', async () => {
  await using stage = await createStage({
    environment: { AI_TOOLKIT_ADMIN_KEY: 'an-admin-key-of-the-tests' },
  });
  const { url, home } = stage;
  const apiKey = await createKey(home, {});
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const openai = new OpenAI({ baseURL: url, apiKey, maxRetries: 0 });
  const chat = openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
  await expect(chat).rejects.toMatchObject({
    status: 404,
    message: expect.stringMatching(/but \/v1\/chat\/completions\. Let the base URL .* end with \/v1\./),
  });
  await expect(openai.models.list()).rejects.toMatchObject({ status: 404 });
  const anthropic = new Anthropic({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
  const message = anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 5, messages });
  await expect(message).rejects.toMatchObject({
    status: 404,
    error: { type: 'error', error: { message: expect.stringMatching(/end without \/v1\./) } },
  });
});

it.each(['//v1/chat/completions', '/v1//chat/completions', '/v1/chat/completions/', '//v1/models'])(
  'who asks for %s hears of the slash',
  async (path) => {
    await using stage = await createStage();
    const apiKey = await createKey(stage.home, {});
    const response = await fetch(stage.url + path, {
      method: path.endsWith('models') ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
    });
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/but \/v1\/[a-z/]+[a-z]\. .* without a slash/);
  },
);
