import { expect, it } from 'vitest';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

const plan = { number: 1, slug: 'initial-plan' };

describeWithPostgres('a replica', () => {
  const fixture = useServer();

  it('is read and watched, refuses writes, and takes them when it has become the primary', {
    timeout: 60_000,
  }, async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'text');
    await using replica = await fixture.server.startReplica();
    const copy = fixture.store({ url: replica.url, schema });
    expect(await copy.getAll()).toEqual(await store.getAll());
    expect(await copy.readStage(id, plan)).toMatchObject({ text: 'text' });
    const refused = { code: 'STORE_UNWRITABLE', retryable: true, hint: expect.stringContaining('primary') };
    await expect(copy.update(id, {})).rejects.toMatchObject(refused);
    await expect(copy.create({ name: 'Tide Clock' })).rejects.toMatchObject(refused);
    await expect(copy.lockStage(id, plan)).rejects.toMatchObject(refused);
    // It has no tables to make, and cannot.
    await expect(fixture.store({ url: replica.url }).getAll()).rejects.toMatchObject(refused);

    await using watch = copy.watch({ pollMs: 20 });
    await watch.ready;
    await store.update(id, { description: 'New.' });
    expect((await watch.next()).value).toMatchObject({ kind: 'changed', id, parts: ['facts'] });

    await fixture.server.kill();
    await replica.query('SELECT pg_promote()');
    expect(await copy.update(id, { description: 'Newer.' })).toMatchObject({ version: 4 });
    expect((await watch.next()).value).toMatchObject({ kind: 'changed', id });
    await (await copy.lockStage(id, plan)).release();
    await watch.return();
    await fixture.server.restart();
  });
});
