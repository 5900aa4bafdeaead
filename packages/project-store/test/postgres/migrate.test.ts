import { expect, it } from 'vitest';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

describeWithPostgres('tables', () => {
  const fixture = useServer();

  it('are made once by many who come at the same time', async () => {
    const schema = fixture.schema();
    const stores = Array.from({ length: 8 }, () => fixture.store({ schema, maxConnections: 2 }));
    await Promise.all(stores.map((store, index) => store.create({ name: `Clock ${index}` })));
    expect(await stores[0]?.getAll()).toHaveLength(8);
    expect(await fixture.server.query(`SELECT version FROM "${schema}".migrations`)).toEqual([
      { version: 1 },
    ]);
  });

  it('keep tenants apart', async () => {
    const stores = ['a', 'A', 'a.b', 'a"b', "a'b", 'ä'].map((schema) => fixture.store({ schema }));
    const ids = new Set<string>();
    for (const store of stores) {
      const { id, path } = await store.create({ name: 'Tide Clock' });
      expect(path).toMatch(/^postgresql:postgres\/[^/]+\/tide-clock$/u);
      ids.add(id);
    }
    expect(ids.size).toBe(stores.length);
    for (const store of stores) expect(await store.getAll()).toHaveLength(1);
  });

  it('are used by one who may not make any', async () => {
    const { server } = fixture;
    const schema = fixture.schema();
    const owner = fixture.store({ schema });
    const { id } = await owner.create({ name: 'Tide Clock' });
    await server.query(`CREATE ROLE writer LOGIN PASSWORD 'writer'; GRANT USAGE ON SCHEMA "${schema}" TO writer;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO writer`);
    const store = fixture.store({
      url: `postgres://writer:writer@127.0.0.1:${server.port}/postgres`,
      schema,
    });
    const stage = { number: 1, slug: 'initial-plan' };
    await store.writeStage(id, stage, 'text');
    await (await store.lockStage(id, stage)).release();
    expect(await owner.readStage(id, stage)).toMatchObject({ text: 'text' });
    await store.delete(id, { permanent: true });
    expect(await owner.getAll()).toEqual([]);
  });

  it('of a newer version are left alone', async () => {
    const schema = fixture.schema();
    await fixture.store({ schema }).create({ name: 'Tide Clock' });
    await fixture.server.query(`INSERT INTO "${schema}".migrations VALUES (99, now())`);
    await expect(fixture.store({ schema }).getAll()).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
      message: expect.stringContaining('newer version'),
    });
  });

  it('are not made where not every text can be kept', async () => {
    const { server } = fixture;
    await server.query("CREATE DATABASE narrow ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'");
    await expect(fixture.store({ url: server.urlOf(server.port, 'narrow') }).getAll()).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining('LATIN1'),
      hint: expect.stringContaining('UTF8'),
    });
  });

  it('hold what a revision says against anybody', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Tide Clock' });
    const stage = { number: 1, slug: 'initial-plan' };
    await store.writeStage(id, stage, 'text');
    const change = (statement: string): Promise<unknown> => fixture.server.query(statement);
    const refused = /a revision is never changed/u;
    await expect(change(`UPDATE "${schema}".revisions SET text = 'x'`)).rejects.toThrow(refused);
    await expect(change(`DELETE FROM "${schema}".revisions`)).rejects.toThrow(refused);
    await change(
      `ALTER TABLE "${schema}".revisions DISABLE TRIGGER USER; UPDATE "${schema}".revisions SET text = 'x'`,
    );
    await expect(store.readStage(id, stage)).rejects.toMatchObject({ code: 'STORE_PROJECT_DAMAGED' });
    const { damaged } = await store.repair();
    expect(damaged).toMatchObject([{ reason: expect.stringContaining('revision 1 of stage 1 was changed') }]);
  });
});
