import { expect, it } from 'vitest';
import type { StageRef } from '../../src/index.js';
import { createCutOff } from './support/cut-off.js';
import { describeWithPostgres } from './support/describe-with-postgres.js';
import { useServer } from './support/servers.js';

const plan: StageRef = { number: 1, slug: 'initial-plan' };
const elsewhere = JSON.stringify({
  token: 'x',
  pid: 7,
  host: 'elsewhere',
  scope: 'elsewhere',
  acquiredAt: 0,
});

describeWithPostgres('a stage’s lock', () => {
  const fixture = useServer();

  /** As if its holder had been on another machine and silent for longer than its lease. */
  async function lapse(schema: string): Promise<void> {
    await fixture.server.query(
      `UPDATE "${schema}".stage_locks SET expires_at = now() - interval '1 second', owner = $1`,
      [elsewhere],
    );
  }

  it('is prolonged while its holder lives', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema, stageLeaseMs: 1000 });
    const { id } = await store.create({ name: 'Tide Clock' });
    await using _lock = await store.lockStage(id, plan);
    const end = async (): Promise<unknown> =>
      (await fixture.server.query(`SELECT expires_at::text AS at FROM "${schema}".stage_locks`))[0]?.at;
    const first = await end();
    await expect.poll(end, { timeout: 20_000 }).not.toBe(first);
    expect(await store.stageHolder(id, plan)).toMatchObject({ pid: process.pid });
  });

  it('of another machine is respected until its lease is over', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Tide Clock' });
    await (await store.lockStage(id, plan)).release();
    await fixture.server.query(
      `INSERT INTO "${schema}".stage_locks VALUES ($1, 1, 'x', $2, now() + interval '1 hour')`,
      [id, elsewhere],
    );
    await expect(store.lockStage(id, plan)).rejects.toMatchObject({
      code: 'STORE_STAGE_BUSY',
      message: expect.stringContaining('process 7 on elsewhere'),
    });
    await expect(store.delete(id)).rejects.toMatchObject({ code: 'STORE_STAGE_BUSY' });
    await lapse(schema);
    expect(await store.stageHolder(id, plan)).toBeUndefined();
    expect(await store.repair({ dryRun: true, orphanAgeMs: 0 })).toMatchObject({
      orphans: [/stage-1\.lock$/u].map((end) => expect.stringMatching(end)),
    });
    expect((await store.repair({ orphanAgeMs: 600_000 })).orphans).toEqual([]);
    expect((await store.repair({ orphanAgeMs: 0 })).orphans).toHaveLength(1);
    expect((await store.repair({ orphanAgeMs: 0 })).orphans).toEqual([]);
    await (await store.lockStage(id, plan)).release();
  });

  it('that was lost lets its holder write nothing', async () => {
    const schema = fixture.schema();
    const [slow, quick] = [fixture.store({ schema }), fixture.store({ schema })];
    const { id } = await slow.create({ name: 'Tide Clock' });
    const lost = await slow.lockStage(id, plan);
    const partial = await slow.openPartial(id, plan);
    partial.append('so far');
    await partial.close();
    await lapse(schema);
    await using lock = await quick.lockStage(id, plan);
    await quick.writeStage(id, plan, 'by the other');
    const before = await quick.get(id);
    const late = await slow.openPartial(id, plan);
    late.append('too late');
    const refused = {
      code: 'STORE_LOCK_LOST',
      retryable: false,
      message: expect.stringContaining('taken over'),
    };
    for (const work of [
      () => slow.writeStage(id, plan, 'too late'),
      () => slow.failStage(id, plan, { code: 'X', message: 'too late' }),
      () => slow.resetStage(id, plan),
      () => slow.restoreRevision(id, plan, 1),
      () => late.close(),
    ]) {
      await expect(work()).rejects.toMatchObject(refused);
    }
    expect(() => late.append('more')).toThrow(/taken over/u);
    expect(await quick.get(id)).toEqual(before);
    expect(await quick.readPartial(id, plan)).toBeUndefined();
    // What it does not run it may write, and giving back what is lost takes nothing from the other.
    await slow.update(id, { description: 'x' });
    await slow.writeStage(id, { number: 2, slug: 'design' }, 'text');
    await lost.release();
    await expect(slow.lockStage(id, plan)).rejects.toMatchObject({ code: 'STORE_STAGE_BUSY' });
    await lock.release();
    await using _again = await slow.lockStage(id, plan);
    expect((await slow.writeStage(id, plan, 'in time')).revision).toBe(2);
  });

  it('that is over but that nobody took is still its holder’s', async () => {
    const schema = fixture.schema();
    const store = fixture.store({ schema });
    const { id } = await store.create({ name: 'Tide Clock' });
    await using _lock = await store.lockStage(id, plan);
    await lapse(schema);
    expect((await store.writeStage(id, plan, 'text')).revision).toBe(1);
  });

  it('passes on from a server that was cut off, which then writes nothing', async () => {
    const schema = fixture.schema();
    await using way = await createCutOff(fixture.server.port);
    const url = fixture.server.urlOf(way.port);
    const cut = fixture.store({
      url,
      schema,
      stageLeaseMs: 1000,
      statementTimeoutMs: 1000,
      connectTimeoutMs: 2000,
    });
    const other = fixture.store({ schema });
    const { id } = await cut.create({ name: 'Tide Clock' });
    await cut.lockStage(id, plan);
    // Else the other would see that the process lives.
    await fixture.server.query(`UPDATE "${schema}".stage_locks SET owner = $1`, [elsewhere]);
    way.cut();
    await expect(cut.writeStage(id, plan, 'cut off')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const taken = expect.poll(() => other.lockStage(id, plan).then(Boolean, () => false), {
      timeout: 20_000,
    });
    await taken.toBe(true);
    way.mend();
    await expect(cut.writeStage(id, plan, 'too late')).rejects.toMatchObject({ code: 'STORE_LOCK_LOST' });
    expect((await other.writeStage(id, plan, 'in time')).revision).toBe(1);
  });
});
