import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { spawnPostgresChild } from '../processes/spawn-child.js';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

const plan = { number: 1, slug: 'initial-plan' };
const rounds = Number(process.env.PROJECT_STORE_POSTGRES_KILLS ?? 2) * 5;

describeWithPostgres('several processes on one database', () => {
  const fixture = useServer();

  it('lose no update of one project', { timeout: 60_000 }, async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Busy' });
    const { url } = fixture.server;
    const children = [1, 2].map(() => spawnPostgresChild(url, schema, 'updateTogether', id, '25'));
    await Promise.all(children.map((child) => child.said('done')));
    const { version, tags } = await store.get(id);
    expect(version).toBe(1 + 2 * 4 * 25);
    expect(tags).toEqual(['200']);
  });

  it('find every project whole after one of them was killed', { timeout: 120_000 }, async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Survivor' });
    for (let round = 0; round < rounds; round += 1) {
      const child = spawnPostgresChild(fixture.server.url, schema, 'everything', id);
      await child.said('ready');
      // The moment is what is random here; nothing is awaited by it.
      await sleep(randomInt(150));
      await child.kill();
      // It waits for the row: a commit that the killed one had sent may still be on its way until then.
      const { stages } = await store.update(id, {});
      const document = await store.readStage(id, plan);
      expect(document?.revision).toBe(stages['1']?.revision);
      if (document !== undefined) expect(document.text).toBe(`text ${stages['1']?.identity}\n`.repeat(200));
    }
    expect(await store.repair({ orphanAgeMs: 0 })).toMatchObject({ orphans: [], damaged: [] });
    const kept = (await store.getAll()).map((entry) =>
      entry.kind === 'project' ? entry.name : entry.reason,
    );
    // One that was killed between making a project and deleting it leaves the whole project.
    expect(new Set(kept)).toEqual(new Set([...kept.filter((name) => name === 'Extra'), 'Survivor']));
  });
});
