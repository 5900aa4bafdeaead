import { Pool } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { PostgresPool } from '../../src/postgres/index.js';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

const plan = { number: 1, slug: 'initial-plan' };

interface Faulty {
  readonly pool: PostgresPool;
  /** The next statement that begins so is carried out, and then its connection is lost. */
  loseAfter(text: string): void;
  /** Connections that were given away for good. */
  destroyed(): number;
}

function faultyPool(url: string): Faulty {
  const pool = new Pool({ connectionString: url, max: 3 });
  onTestFinished(() => pool.end());
  let doomed: string | undefined;
  let destroyed = 0;
  return {
    destroyed: () => destroyed,
    loseAfter(text) {
      doomed = text;
    },
    pool: {
      end: () => pool.end(),
      async connect() {
        const client = await pool.connect();
        return {
          async query(query) {
            const result = await client.query({ ...query });
            if (doomed === undefined || !query.text.startsWith(doomed)) return result;
            doomed = undefined;
            throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
          },
          release(destroy) {
            if (destroy === true) destroyed += 1;
            client.release(destroy);
          },
          on: (event, listener) => client.on(event as 'end', listener),
          off: (event, listener) => client.off(event as 'end', listener),
        };
      },
    },
  };
}

describeWithPostgres('a connection that goes at a bad moment', () => {
  const fixture = useServer();

  it('leaves it open whether a change was made, and says so', async () => {
    const faulty = faultyPool(fixture.server.url);
    const store = fixture.store({ pool: faulty.pool });
    const { id } = await store.create({ name: 'Tide Clock' });
    faulty.loseAfter('COMMIT');
    await expect(store.update(id, { description: 'Made.' })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      hint: expect.stringContaining('not known'),
    });
    expect(await store.get(id)).toMatchObject({ description: 'Made.', version: 2 });
    expect(faulty.destroyed()).toBe(1);
  });

  it('takes nothing away when nothing was begun, or when nothing may be repeated twice', async () => {
    const faulty = faultyPool(fixture.server.url);
    const store = fixture.store({ pool: faulty.pool });
    const { id } = await store.create({ name: 'Tide Clock' });
    faulty.loseAfter('BEGIN');
    expect(await store.update(id, {})).toMatchObject({ version: 2 });
    faulty.loseAfter('SELECT');
    expect(await store.get(id)).toMatchObject({ version: 2 });
    faulty.loseAfter('UPDATE');
    await expect(store.update(id, {})).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(await store.get(id)).toMatchObject({ version: 2 });
    expect(faulty.destroyed()).toBe(3);
  });

  it('does not hide what went wrong before', async () => {
    const faulty = faultyPool(fixture.server.url);
    const store = fixture.store({ pool: faulty.pool });
    const { id } = await store.create({ name: 'Tide Clock' });
    faulty.loseAfter('ROLLBACK');
    await expect(store.update(id, {}, { expectedVersion: 7 })).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
    });
    expect(faulty.destroyed()).toBe(1);
    expect(await store.update(id, {})).toMatchObject({ version: 2 });
  });

  it('keeps no stage locked that nobody runs', async () => {
    const faulty = faultyPool(fixture.server.url);
    const store = fixture.store({ pool: faulty.pool });
    const { id } = await store.create({ name: 'Tide Clock' });
    faulty.loseAfter('COMMIT');
    await expect(store.lockStage(id, plan)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const lock = await store.lockStage(id, plan);
    await store.writeStage(id, plan, 'text');
    await lock.release();
    expect(await store.stageHolder(id, plan)).toBeUndefined();
  });

  it('writes a piece of partial text once', async () => {
    const faulty = faultyPool(fixture.server.url);
    const store = fixture.store({ pool: faulty.pool });
    const { id } = await store.create({ name: 'Tide Clock' });
    const partial = await store.openPartial(id, plan);
    for (const piece of ['one ', 'two ', 'three ', 'four']) {
      faulty.loseAfter(piece.length > 4 ? 'COMMIT' : 'INSERT');
      partial.append(piece);
      for (let read = 0; read < 20; read += 1) await store.readPartial(id, plan);
    }
    await partial.close();
    expect(await store.readPartial(id, plan)).toBe('one two three four');
  });
});
