import { describe, expect, it } from 'vitest';
import { chat, run } from './support/run-exchange.js';
import { createStage } from './support/stage.js';

describe('a pool of tenants', () => {
  it('shares answers, with those in it alone', async () => {
    await using stage = await createStage();
    const ask = async (tenant: string, pool?: string): Promise<unknown> => {
      const cache = pool === undefined ? {} : { cache: { pool } };
      return (await run(stage.pipeline, { ...chat('Whose?'), tenant, ...cache })).head?.cache;
    };
    expect(await ask('a', 'team')).toBe('miss');
    expect(await ask('b', 'team')).toBe('hit');
    for (const [tenant, pool] of [['a'], ['b'], ['team'], ['pool team'], ['a', 'a'], ['c', 'other']] as const)
      expect(await ask(tenant, pool), `${tenant} ${pool}`).toBe('miss');
    expect(await ask('c', 'team')).toBe('hit');
  });

  it('does not change whose call it is', async () => {
    await using stage = await createStage();
    await run(stage.pipeline, { ...chat('Whose?'), tenant: 'a', cache: { pool: 'team' } });
    expect(stage.records).toMatchObject([{ tenant: 'a' }]);
  });
});
