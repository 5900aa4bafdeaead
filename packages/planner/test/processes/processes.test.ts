import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { collect, setUp } from '../setup.js';
import { spawnChild } from './spawn-child.js';

const script = new URL('child.mjs', import.meta.url);

function whole(stage: number): string {
  return Array.from({ length: 20 }, (_, n) => `Line ${n} of stage ${stage}\n`).join('');
}

async function lines(log: string): Promise<string[]> {
  return (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}

describe('a run in another process', () => {
  it('that is killed in the middle is finished by the next one, which repeats only that stage', async () => {
    const { root, project, planner, store } = await setUp();
    const log = join(root, '.log');
    const child = spawnChild(script, root, project.id, log, '3');
    await child.said('in the middle');
    const busy = await collect(planner.runStage(project.id, 3));
    expect(busy.error).toMatchObject({ code: 'PLAN_STAGE_BUSY' });
    // What was said reaches the disk a moment later than its reader.
    const partial = { number: 3, slug: 'implementation-strategy' };
    await expect.poll(() => store.readPartial(project.id, partial), { timeout: 30_000 }).toMatch(/^Line 0 /u);
    await child.kill();
    const { stages } = await planner.status(project.id);
    expect(stages.slice(0, 3).map(({ status }) => status)).toEqual(['done', 'done', 'partial']);
    expect(await store.readPartial(project.id, partial)).toMatch(/^Line 0 /u);
    const before = await lines(log);
    await spawnChild(script, root, project.id, log).said('finished');
    const after = (await lines(log)).slice(before.length).filter((line) => line.startsWith('asked'));
    expect(after).not.toContain('asked 1');
    expect(after).not.toContain('asked 2');
    expect(after).toContain('asked 3');
    for (const { id, slug } of planner.stages) {
      expect((await store.readStage(project.id, { number: id, slug }))?.text).toBe(whole(id));
    }
  });

  it('that is killed at any moment leaves whole documents, and what is done is never asked again', {
    timeout: 120_000,
  }, async () => {
    const { root, project, planner, store } = await setUp();
    const log = join(root, '.log');
    for (let round = 0; round < 10; round += 1) {
      const child = spawnChild(script, root, project.id, log);
      await child.said('ready');
      // The moment is what is random here; nothing is awaited by it.
      await sleep(randomInt(120));
      await child.kill();
      for (const { id, slug } of planner.stages) {
        const document = await store.readStage(project.id, { number: id, slug });
        if (document !== undefined) expect(document).toMatchObject({ text: whole(id), edited: false });
      }
      if (round === 4) await planner.resetStage(project.id, 2);
    }
    await spawnChild(script, root, project.id, log).said('finished');
    const seen = await lines(log);
    // Stage 2 was reset once; its text came out the same, so that nothing which follows from it was asked again.
    for (const stage of [1, 3, 4, 5, 6]) {
      expect(seen.slice(seen.indexOf(`done ${stage}`))).not.toContain(`asked ${stage}`);
    }
    await spawnChild(script, root, project.id, log).said('finished');
    expect(await lines(log)).toEqual(seen);
    const { stages } = await planner.status(project.id);
    expect(stages.map(({ status }) => status)).toEqual(Array(6).fill('done'));
  });
});
