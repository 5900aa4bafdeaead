import { inspect } from 'node:util';
import { Client, Pool } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createPostgresProjectStore } from '../../src/postgres/index.js';
import { createCutOff } from './support/cut-off.js';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { password } from './support/postgres-server.js';
import { useServer } from './support/servers.js';

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describeWithPostgres('failures of the database', () => {
  const fixture = useServer();

  it('never show the password, whatever is wrong with the URL', async () => {
    const { server } = fixture;
    const wrong = 'a/wrong:s@crety';
    const urls = [
      server.urlOf(server.port, 'postgres', wrong),
      server.urlOf(1, 'postgres', wrong),
      server.urlOf(server.port, 'missing'),
      `postgres://u:${encodeURIComponent(wrong)}@host.invalid/db`,
      `postgres://u:${encodeURIComponent(wrong)}@127.0.0.1:${server.port}/db?sslmode=verify-full`,
      `postgres://u:${wrong}@127.0.0.1:${server.port}/db`,
      `mysql://u:${encodeURIComponent(wrong)}@127.0.0.1/db`,
      `postgres://u:${wrong}`,
      `${wrong}@host`,
    ];
    for (const url of urls) {
      let error: unknown;
      try {
        await using store = createPostgresProjectStore({ url });
        error = await failureOf(store.getAll());
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(Error);
      const shown = inspect(error, { depth: 20, showHidden: true });
      for (const secret of [
        wrong,
        encodeURIComponent(wrong),
        'crety',
        password,
        encodeURIComponent(password),
      ]) {
        expect(shown).not.toContain(secret);
      }
    }
  });

  it('tell a wrong login from a database that is away', async () => {
    const { server } = fixture;
    const login = { code: 'STORE_UNREADABLE', retryable: false, hint: expect.stringContaining('password') };
    const away = { code: 'STORE_UNAVAILABLE', retryable: true };
    const ask = (url: string): Promise<unknown> => fixture.store({ url }).getAll();
    await expect(ask(server.urlOf(server.port, 'postgres', 'wrong'))).rejects.toMatchObject(login);
    await expect(ask(server.urlOf(server.port, 'missing'))).rejects.toMatchObject(login);
    await expect(ask(`postgres://tester@127.0.0.1:${server.port}/postgres`)).rejects.toMatchObject(login);
    await expect(ask(server.urlOf(1))).rejects.toMatchObject(away);
    await expect(ask('postgres://u:p@host.invalid/db')).rejects.toMatchObject(away);
  });

  it('say that a database is read-only, and try another connection next time', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Tide Clock' });
    const { server } = fixture;
    await server.query("CREATE ROLE follower SUPERUSER LOGIN PASSWORD 'f'");
    await server.query('ALTER ROLE follower SET default_transaction_read_only = on');
    const reader = fixture.store({ url: `postgres://follower:f@127.0.0.1:${server.port}/postgres`, schema });
    expect(await reader.getAll()).toHaveLength(1);
    await expect(reader.update(id, {})).rejects.toMatchObject({ code: 'STORE_UNWRITABLE', retryable: true });
    await server.query('ALTER ROLE follower RESET default_transaction_read_only');
    expect(await reader.update(id, { description: 'x' })).toMatchObject({ version: 2 });
  });

  it('say who is in the way, and for how long one waits', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema, lockWaitMs: 50, statementTimeoutMs: 200 });
    const { id } = await store.create({ name: 'Tide Clock' });
    const other = new Client({ connectionString: fixture.server.url });
    await other.connect();
    onTestFinished(() => other.end());
    await other.query(`BEGIN; SELECT FROM "${schema}".projects FOR UPDATE`);
    await expect(store.update(id, {})).rejects.toMatchObject({ code: 'STORE_LOCKED', retryable: true });
    expect(await store.get(id)).toMatchObject({ version: 1 });
    await other.query(`LOCK TABLE "${schema}".projects IN ACCESS EXCLUSIVE MODE`);
    await expect(store.get(id)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    await other.query('ROLLBACK');
    expect(await store.update(id, {})).toMatchObject({ version: 2 });
  });

  it('bound the wait for a server that answers nothing any more', async () => {
    await using way = await createCutOff(fixture.server.port);
    const url = fixture.server.urlOf(way.port);
    const store = fixture.store({ url, connectTimeoutMs: 2000, statementTimeoutMs: 2000 });
    const { id } = await store.create({ name: 'Tide Clock' });
    way.cut();
    for (const work of [() => store.update(id, {}), () => store.get(id), () => store.getAll()]) {
      await expect(work()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    }
    // A connection that nobody uses while it is cut off must not hold up the end either.
    way.mend();
    expect(await store.update(id, {})).toMatchObject({ version: 2 });
    way.cut();
    await store.close();
  });

  it('name missing rights and too many connections', async () => {
    const { server } = fixture;
    const schema = fixture.schema();
    await fixture.store({ schema }).create({ name: 'Tide Clock' });
    await server.query("CREATE ROLE guest LOGIN PASSWORD 'guest'");
    const url = `postgres://guest:guest@127.0.0.1:${server.port}/postgres`;
    await expect(fixture.store({ url, schema }).getAll()).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
    await expect(fixture.store({ url }).getAll()).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      retryable: false,
    });
    await server.query('ALTER ROLE guest CONNECTION LIMIT 0');
    await expect(fixture.store({ url, schema }).getAll()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
  });

  it('tell a store that does too much at once from a database that is away', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema, maxConnections: 1, connectTimeoutMs: 2000 });
    const { id } = await store.create({ name: 'Tide Clock' });
    const other = new Client({ connectionString: fixture.server.url });
    await other.connect();
    onTestFinished(() => other.end());
    await other.query(`BEGIN; SELECT FROM "${schema}".projects FOR UPDATE`);
    const waiting = store.update(id, {});
    const held = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    await expect.poll(() => fixture.server.query(held)).toHaveLength(1);
    await expect(store.get(id)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      hint: expect.stringContaining('maxConnections'),
    });
    await other.query('ROLLBACK');
    await waiting;
  });

  it('are told with a hint, also where nobody thought of them', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Tide Clock' });
    await fixture.server.query(`ALTER TABLE "${schema}".projects ADD CONSTRAINT mine CHECK (name <> 'No')`);
    await expect(store.update(id, { name: 'No' })).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
      retryable: false,
      message: expect.stringContaining('"mine"'),
    });
    expect(await store.update(id, { name: 'Yes' })).toMatchObject({ version: 2 });
  });

  it('do not last when the tables are gone', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    await store.create({ name: 'Tide Clock' });
    await fixture.server.query(`DROP SCHEMA "${schema}" CASCADE`);
    await expect(store.getAll()).rejects.toMatchObject({ code: 'STORE_UNREADABLE', retryable: true });
    expect(await store.getAll()).toEqual([]);
  });
});

describeWithPostgres('options', () => {
  const fixture = useServer();

  it('take a pool, which stays its owner’s', async () => {
    const pool = new Pool({ connectionString: fixture.server.url, max: 2 });
    onTestFinished(() => pool.end());
    const store = fixture.store({ pool });
    await Promise.all(Array.from({ length: 8 }, (_, index) => store.create({ name: `Clock ${index}` })));
    await store.close();
    expect(await store.getAll()).toHaveLength(8);
    expect(pool.totalCount).toBeLessThanOrEqual(2);
    expect(pool.listenerCount('error')).toBe(0);
    const { rows } = await pool.query('SELECT 1 AS one');
    expect(rows).toEqual([{ one: 1 }]);
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it.each([
    [{}, /either url or pool, received neither/],
    [{ url: 'postgres://h/d', pool: new Pool() }, /either url or pool, received both/],
    [{ url: 'http://h/d' }, /url must be .* protocol http:/],
    [{ url: 'postgres://h/d', schema: '' }, /schema must have 1 to 48 bytes, received ""/],
    [{ url: 'postgres://h/d', schema: 'ü'.repeat(25) }, /schema must have 1 to 48 bytes/],
    [{ url: 'postgres://h/d', schema: 'pg_mine' }, /schema must not begin with pg_/],
    [{ url: 'postgres://h/d', schema: 'a\0b' }, /schema must have no control characters/],
    [{ url: 'postgres://h/d', maxConnections: 0 }, /maxConnections .* received 0/],
    [{ url: 'postgres://h/d', lockWaitMs: -1 }, /lockWaitMs .* received -1/],
    [{ url: 'postgres://h/d', stageLeaseMs: 10 }, /stageLeaseMs .* received 10/],
    [{ url: 'postgres://h/d', statementTimeoutMs: Number.NaN }, /statementTimeoutMs .* received NaN/],
  ])('name the one that is wrong: %j', (options, message) => {
    expect(() => createPostgresProjectStore(options)).toThrow(message);
  });
});
