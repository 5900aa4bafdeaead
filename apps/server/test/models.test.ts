import { describe, expect, it } from 'vitest';
import { createKnownKey } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createStage } from './support/stage.js';

/** Where nothing listens. */
const nobody = 'http://127.0.0.1:9';

describe('the list of models', () => {
  it('names the alias that a key is for, also while one of the providers does not answer', async () => {
    await using stage = await createStage({
      environment: { ANTHROPIC_BASE_URL: nobody },
      config: '[[routes]]\nmodel = "fast"\ntargets = [{ model = "gpt-4o-mini" }]\n',
    });
    const list = async (secret: string): Promise<string[]> => {
      const headers = { authorization: `Bearer ${secret}` };
      const { data } = await readJson<{ data: { id: string }[] }>(
        fetch(`${stage.url}/v1/models`, { headers }),
      );
      return data.map(({ id }) => id);
    };
    expect(await list(await createKnownKey(stage, { models: ['fast'] }))).toEqual(['fast']);
    const all = await list(await createKnownKey(stage));
    expect(all).toContain('fast');
    expect(all).toContain('gpt-4o-mini');
  });

  it('is asked of a provider once for many who ask for it', async () => {
    await using stage = await createStage({ environment: { ANTHROPIC_BASE_URL: nobody } });
    const list = (path = ''): Promise<number> =>
      fetch(`${stage.url}/v1/models${path}`).then(async (response) => {
        await response.text();
        return response.status;
      });
    expect(await Promise.all(Array.from({ length: 10 }, () => list()))).toEqual(Array(10).fill(200));
    expect([await list(), await list('/gpt-4o-mini')]).toEqual([200, 200]);
    const asked = stage.simulator.requests().filter(({ path }) => path.startsWith('/v1/models'));
    expect(asked).toHaveLength(1);
  });

  it('has the aliases also while no provider answers', async () => {
    await using stage = await createStage({
      environment: { ANTHROPIC_BASE_URL: nobody },
      config: '[[routes]]\nmodel = "fast"\ntargets = [{ model = "gpt-4o-mini" }]\n',
    });
    stage.simulator.setFaults('status=500; path=/v1/models');
    const { data } = await readJson<{ data: { id: string }[] }>(fetch(`${stage.url}/v1/models`));
    expect(data.map(({ id }) => id)).toEqual(['fast']);
    expect((await fetch(`${stage.url}/v1/models/fast`)).status).toBe(200);
  });
});
