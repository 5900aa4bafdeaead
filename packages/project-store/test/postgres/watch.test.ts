import { Pool } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { ProjectEvent, ProjectWatch } from '../../src/index.js';
import type { PostgresPool } from '../../src/postgres/index.js';
import { createCutOff } from './support/cut-off.js';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

async function next(watch: ProjectWatch): Promise<ProjectEvent> {
  const { value } = await watch.next();
  if (value === undefined) throw new Error('The watch ended');
  return value;
}

/** As a pooler does that gives each transaction another connection: nobody is there any more to be notified. */
function deafPool(url: string): PostgresPool {
  const pool = new Pool({ connectionString: url, max: 5 });
  onTestFinished(() => pool.end());
  return {
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      return {
        query: (query) => client.query({ ...query, text: query.text.replace(/^LISTEN.*/u, 'SELECT 1') }),
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
      };
    },
  };
}

describeWithPostgres('watching a database', () => {
  const fixture = useServer();

  it('tells what somebody changed by a statement', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id, path } = await store.create({ name: 'Tide Clock' });
    await using watch = store.watch();
    await watch.ready;
    const renamed = path.replace('tide-clock', 'renamed');
    await fixture.server.query(`UPDATE "${schema}".projects SET slug = 'renamed', name = 'Other'`);
    expect(await next(watch)).toEqual({
      kind: 'changed',
      id,
      path: renamed,
      parts: ['facts', 'path'],
      stages: [],
    });
    await fixture.server.query(`UPDATE "${schema}".projects SET deleted_at = 1`);
    expect(await next(watch)).toEqual({ kind: 'deleted', id, path: renamed });
    await fixture.server.query(`UPDATE "${schema}".projects SET deleted_at = NULL`);
    expect(await next(watch)).toEqual({ kind: 'created', id, path: renamed });
  });

  it('misses nothing of what happened while it had no connection', { timeout: 60_000 }, async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const [kept, gone] = [await store.create({ name: 'Kept' }), await store.create({ name: 'Gone' })];
    await using way = await createCutOff(fixture.server.port);
    const cut = fixture.store({ schema, url: fixture.server.urlOf(way.port), connectTimeoutMs: 2000 });
    await using watch = cut.watch();
    await watch.ready;
    way.break();
    await fixture.server.kill();
    await fixture.server.restart();
    await store.delete(gone.id);
    const { id } = await store.create({ name: 'New' });
    await store.update(kept.id, { description: 'x' });
    way.mend();
    const events = [await next(watch), await next(watch), await next(watch)];
    expect(events.map((event) => [event.kind, event.kind === 'rescan' ? '' : event.id])).toEqual(
      expect.arrayContaining([
        ['deleted', gone.id],
        ['created', id],
        ['changed', kept.id],
      ]),
    );
  });

  it('looks by itself where nothing is told', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const deaf = fixture.store({ schema, pool: deafPool(fixture.server.url) });
    await using watch = deaf.watch({ pollMs: 20 });
    await watch.ready;
    const { id, path } = await store.create({ name: 'Tide Clock' });
    expect(await next(watch)).toEqual({ kind: 'created', id, path });
    await store.writeStage(id, { number: 3, slug: 'plan' }, 'text');
    expect(await next(watch)).toEqual({ kind: 'changed', id, path, parts: ['stages'], stages: [3] });
  });

  it('works on what may only be read', async () => {
    const { server } = fixture;
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    await store.getAll();
    await server.query("CREATE ROLE reader SUPERUSER LOGIN PASSWORD 'r'");
    await server.query('ALTER ROLE reader SET default_transaction_read_only = on');
    const url = `postgres://reader:r@127.0.0.1:${server.port}/postgres`;
    await using watch = fixture.store({ url, schema }).watch({ pollMs: 20 });
    await watch.ready;
    const { id } = await store.create({ name: 'Tide Clock' });
    expect(await next(watch)).toMatchObject({ kind: 'created', id });
  });

  it('begins when the database is there, and gives up where it may not', async () => {
    const schema = fixture.schema();
    await fixture.server.kill();
    await using watch = fixture.store({ schema }).watch();
    await fixture.server.restart();
    await watch.ready;
    const url = fixture.server.urlOf(fixture.server.port, 'postgres', 'wrong');
    const refused = fixture.store({ schema, url }).watch();
    await expect(refused.ready).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    await expect(refused.next()).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });

  it('leaves the connections of the store to the others', async () => {
    const store = fixture.store({ schema: fixture.schema(), maxConnections: 1, connectTimeoutMs: 2000 });
    await using first = store.watch();
    await using second = store.watch();
    await Promise.all([first.ready, second.ready]);
    const { id } = await store.create({ name: 'Tide Clock' });
    expect(await next(first)).toMatchObject({ kind: 'created', id });
    expect(await next(second)).toMatchObject({ kind: 'created', id });
  });

  it('keeps nobody from writing when it cannot begin', async () => {
    const store = fixture.store({ url: fixture.server.urlOf(1), lockWaitMs: 50 });
    await using watch = store.watch();
    const begun = watch.ready.then(() => true);
    const refused = store.create({ name: 'Tide Clock' }).catch((error: unknown) => error);
    expect(await Promise.race([begun, refused])).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
