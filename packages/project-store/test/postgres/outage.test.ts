import { expect, it } from 'vitest';
import { spawnPostgresChild } from '../processes/spawn-child.js';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

const plan = { number: 1, slug: 'plan' };
const rounds = Number(process.env.PROJECT_STORE_POSTGRES_KILLS ?? 2);

describeWithPostgres('a database that ends in the middle of everything', () => {
  const fixture = useServer();

  it('has all that it confirmed when it is back, and the writers go on', { timeout: 120_000 }, async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Survivor' });
    const texts = 40 * rounds;
    const works = [
      [1, 4, texts],
      [5, 8, texts],
    ];
    const children = works.map((work) =>
      spawnPostgresChild(fixture.server.url, schema, 'endure', id, JSON.stringify(work)),
    );
    for (let round = 1; round <= rounds; round += 1) {
      await children[round % 2]?.said(`${round % 2 === 0 ? 1 : 5} wrote ${round * 15}`);
      await fixture.server.kill();
      await fixture.server.restart();
    }
    await Promise.all(children.map((child) => child.said('done')));
    const failures = children.flatMap((child) =>
      [...child.lines].filter((line) => line.startsWith('failed')),
    );
    expect(new Set(failures)).toEqual(new Set(['failed STORE_UNAVAILABLE']));
    let revisions = 0;
    for (let number = 1; number <= 8; number += 1) {
      const stage = { number, slug: 'plan' };
      const listed = await store.listRevisions(id, stage);
      revisions += listed.length;
      // The numbers have no gap, and each text is there in its order, at most twice: once it was not known to be there.
      expect(listed.map(({ revision }) => revision)).toEqual(listed.map((_, index) => index + 1));
      const found: string[] = [];
      for (const { revision } of listed) found.push((await store.readRevision(id, stage, revision)).text);
      const order = found.filter((text, index) => text !== found[index - 1]);
      expect(order).toEqual(Array.from({ length: texts }, (_, index) => `text ${index + 1}`));
      expect(await store.readStage(id, stage)).toMatchObject({ text: `text ${texts}` });
    }
    expect((await store.get(id)).version).toBe(1 + revisions);
    expect((await store.repair()).damaged).toEqual([]);
  });

  it('fails what is asked while it is away, and nothing after', async () => {
    const store = fixture.store({ schema: fixture.schema(), connectTimeoutMs: 2000 });
    const { id } = await store.create({ name: 'Tide Clock' });
    const lock = await store.lockStage(id, plan);
    const partial = await store.openPartial(id, plan);
    partial.append('before ');
    await fixture.server.kill();
    partial.append('during ');
    for (const work of [() => store.get(id), () => store.update(id, {}), () => store.getAll()]) {
      await expect(work()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    }
    await expect(partial.close()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    // Given back while nobody could take note of it: this process may run the stage again nevertheless.
    await lock.release();
    await fixture.server.restart();
    await using _again = await store.lockStage(id, plan);
    partial.append('after');
    await partial.close();
    expect(await store.readPartial(id, plan)).toBe('before during after');
    expect(await store.update(id, {})).toMatchObject({ version: 2 });
  });
});
