import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore, type Project, type ProjectStore } from '../../src/index.js';
import { temporaryFolder, temporaryStore } from '../temporary.js';

const plan = { number: 1, slug: 'initial-plan' };

async function project(): Promise<{ store: ProjectStore; id: string; path: string }> {
  const { store } = await temporaryStore();
  const { id, path }: Project = await store.create({ name: 'Tide Clock' });
  return { store, id, path };
}

describe('writeStage', () => {
  it('writes the text, a revision and the state', async () => {
    const { store, id, path } = await project();
    const record = {
      identity: 'abc',
      ingredients: { model: 'm' },
      tokens: { input: 3, output: 5 },
      costUsd: 0.0125,
      cache: 'miss',
    };
    const { path: file, ...revision } = await store.writeStage(id, plan, '# Plan\n', record);
    expect(file).toBe(join(path, 'stages/1-initial-plan.md'));
    expect(revision).toMatchObject({ stage: 1, revision: 1, origin: 'run', ...record });
    expect(await readFile(join(path, 'stages/1-initial-plan.md'), 'utf8')).toBe('# Plan\n');
    expect(await store.readStage(id, plan)).toMatchObject({ text: '# Plan\n', revision: 1, edited: false });
    const { stages } = await store.get(id);
    expect(stages['1']).toMatchObject({ status: 'done', revision: 1, lastRevision: 1, ...record });
    expect(await store.getAll()).toMatchObject([{ stagesDone: 1 }]);
    expect(await store.readRevision(id, plan, 1)).toEqual({ ...revision, text: '# Plan\n' });
  });

  it('keeps any text exactly', async () => {
    const { store, id } = await project();
    const texts = ['', '\n', '-->', '<!-- x -->\n\n', 'no newline at the end', 'é🚀\r\n', '{{x}}\u2028'];
    for (const text of texts) await store.writeStage(id, plan, text, { model: '--> <!--' });
    const numbers = (await store.listRevisions(id, plan)).map(({ revision }) => revision);
    expect(numbers).toEqual(texts.map((_, index) => index + 1));
    for (const number of numbers) {
      const { text, model } = await store.readRevision(id, plan, number);
      expect([text, model]).toEqual([texts[number - 1], '--> <!--']);
    }
  });

  it('keeps a text that was edited by hand before replacing it', async () => {
    const { store, id, path } = await project();
    await store.writeStage(id, plan, 'first', { identity: 'i' });
    await writeFile(join(path, 'stages/1-initial-plan.md'), 'by hand');
    expect(await store.readStage(id, plan)).toMatchObject({ text: 'by hand', revision: 1, edited: true });
    await store.writeStage(id, plan, 'second');
    expect((await store.listRevisions(id, plan)).map(({ origin }) => origin)).toEqual(['run', 'edit', 'run']);
    expect((await store.readRevision(id, plan, 2)).text).toBe('by hand');
  });

  it('refuses to replace an edit that is not UTF-8', async () => {
    const { store, id } = await project();
    const { path } = await store.writeStage(id, plan, 'first');
    const edit = Buffer.from('Größe: 5 µm\n', 'latin1');
    await writeFile(path, edit);
    for (const work of [() => store.writeStage(id, plan, 'second'), () => store.resetStage(id, plan)]) {
      await expect(work()).rejects.toMatchObject({
        code: 'STORE_UNREADABLE',
        message: expect.stringContaining(`${path}: it is not UTF-8`),
        hint: expect.stringContaining('Save the file as UTF-8'),
      });
    }
    expect(await readFile(path)).toEqual(edit);
    await writeFile(path, edit.toString('latin1'));
    await store.writeStage(id, plan, 'second');
    expect((await store.readRevision(id, plan, 2)).text).toBe('Größe: 5 µm\n');
  });

  it('refuses a stage that cannot be a file name', async () => {
    const { store, id } = await project();
    await expect(store.writeStage(id, { number: 1, slug: '../x' }, '')).rejects.toThrow(RangeError);
    await expect(store.writeStage(id, { number: 0, slug: 'x' }, '')).rejects.toThrow(/number .* received 0/);
  });
});

describe('revisions', () => {
  it('are restored as new ones', async () => {
    const { store, id } = await project();
    await store.writeStage(id, plan, 'one', { identity: 'a' });
    await store.writeStage(id, plan, 'two', { identity: 'b' });
    const restored = await store.restoreRevision(id, plan, 1);
    expect(restored).toMatchObject({ revision: 3, origin: 'restore', identity: 'a' });
    expect((await store.readStage(id, plan))?.text).toBe('one');
    await expect(store.restoreRevision(id, plan, 9)).rejects.toMatchObject({
      code: 'STORE_REVISION_NOT_FOUND',
    });
  });

  it('that were changed are reported, not believed', async () => {
    const { store, id, path } = await project();
    await store.writeStage(id, plan, 'one');
    const file = join(path, 'revisions/1-initial-plan/0001.md');
    await writeFile(file, `${await readFile(file, 'utf8')}!`);
    await expect(store.readRevision(id, plan, 1)).rejects.toMatchObject({
      code: 'STORE_PROJECT_DAMAGED',
      message: expect.stringContaining('its text was changed'),
    });
  });
});

describe('a revision under the number of another', () => {
  it('is reported, and does not count as a change', async () => {
    const { store, id, path } = await project();
    await store.writeStage(id, plan, 'one');
    const folder = join(path, 'revisions/1-initial-plan');
    await copyFile(join(folder, '0001.md'), join(folder, '0002.md'));
    for (const work of [() => store.listRevisions(id, plan), () => store.update(id, { tags: ['a'] })]) {
      await expect(work()).rejects.toMatchObject({
        code: 'STORE_PROJECT_DAMAGED',
        message: expect.stringContaining('0002.md is not a whole revision: it is a copy of revision 1'),
        hint: expect.stringContaining('move it out of the folder'),
      });
    }
    await rm(join(folder, '0002.md'));
    expect((await store.writeStage(id, plan, 'two')).revision).toBe(2);
  });
});

describe('resetStage', () => {
  it('takes the document away and leaves every revision', async () => {
    const { store, id, path } = await project();
    await store.writeStage(id, plan, 'one');
    await writeFile(join(path, 'stages/1-initial-plan.md'), 'by hand');
    const reset = await store.resetStage(id, plan);
    expect(reset.stages['1']).toEqual({ slug: 'initial-plan', status: 'not-started', lastRevision: 2 });
    expect(reset).not.toHaveProperty('extra');
    expect(await store.readStage(id, plan)).toBeUndefined();
    expect(await store.listRevisions(id, plan)).toHaveLength(2);
    expect((await store.writeStage(id, plan, 'two')).revision).toBe(3);
  });
});

describe('failStage', () => {
  it('keeps why, and the document of before', async () => {
    const { store, id } = await project();
    await store.writeStage(id, plan, 'one');
    const failed = await store.failStage(id, plan, { code: 'AI_X', message: 'no answer' });
    expect(failed.stages['1']).toMatchObject({ status: 'failed', revision: 1, error: { code: 'AI_X' } });
    expect((await store.readStage(id, plan))?.text).toBe('one');
    await store.writeStage(id, plan, 'two');
    expect((await store.get(id)).stages['1']).not.toHaveProperty('error');
  });
});

describe('partial text', () => {
  it('is kept apart from the document and goes with the next revision', async () => {
    const { store, id, path } = await project();
    const partial = await store.openPartial(id, plan);
    expect(await store.readPartial(id, plan)).toBeUndefined();
    for (const piece of ['So ', '', 'far', ' so good']) partial.append(piece);
    await partial.close();
    expect(await store.readPartial(id, plan)).toBe('So far so good');
    expect(await store.readStage(id, plan)).toBeUndefined();
    const again = await store.openPartial(id, plan);
    again.append('Anew');
    await again.close();
    expect(await store.readPartial(id, plan)).toBe('Anew');
    await store.writeStage(id, plan, 'All');
    expect((await readdir(join(path, 'stages'))).sort()).toEqual(['1-initial-plan.md']);
  });

  it('says when it could not be written', async () => {
    const { store, id, path } = await project();
    const partial = await store.openPartial(id, plan);
    await rm(join(path, 'stages'), { recursive: true });
    await writeFile(join(path, 'stages'), 'a file');
    partial.append('x');
    await expect(partial.close()).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
    expect(() => partial.append('y')).toThrow(/Cannot write/);
  });
});

describe('lockStage', () => {
  it('lets one in and tells the other who it is', async () => {
    const { store, id } = await project();
    const lock = await store.lockStage(id, plan);
    await expect(store.lockStage(id, plan)).rejects.toMatchObject({
      code: 'STORE_STAGE_BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(await store.stageHolder(id, plan)).toMatchObject({ pid: process.pid });
    await expect(store.delete(id)).rejects.toMatchObject({ code: 'STORE_STAGE_BUSY' });
    await lock.release();
    await lock.release();
    expect(await store.stageHolder(id, plan)).toBeUndefined();
    await (await store.lockStage(id, plan)).release();
    await store.delete(id);
  });

  it('is not given out for a project that is being deleted', async () => {
    const root = await temporaryFolder();
    const other = createProjectStore({ root });
    const attempts: Array<Promise<unknown>> = [];
    let deleting: string | undefined;
    const clock = (): number => {
      // Now and again in the middle of the deletion.
      if (deleting !== undefined) attempts.push(other.lockStage(deleting, plan).catch(({ code }) => code));
      return 0;
    };
    const store = createProjectStore({ root, clock });
    for (let n = 0; n < 20; n += 1) {
      const { id } = await store.create({ name: 'Tide Clock' });
      deleting = id;
      const deleted = await store.delete(id).then(
        () => true,
        () => false,
      );
      deleting = undefined;
      const outcomes = await Promise.all(attempts.splice(0));
      if (deleted) expect(outcomes).toEqual(outcomes.map(() => 'STORE_PROJECT_NOT_FOUND'));
    }
  });

  it('that was lost lets its holder write nothing', async () => {
    const { store, id, path } = await project();
    await store.writeStage(id, plan, 'one');
    const lost = await store.lockStage(id, plan);
    const [partial, late] = [await store.openPartial(id, plan), await store.openPartial(id, plan)];
    partial.append('so far');
    await partial.close();
    const before = await store.get(id);
    // As if a process elsewhere had taken it over while this one was suspended.
    const other = `{"token": "x", "pid": 7, "host": "elsewhere", "scope": "elsewhere", "acquiredAt": 0}`;
    const file = join(path, '.ai-toolkit/stage-1.lock');
    await writeFile(file, other);
    late.append('too late');
    for (const work of [
      () => store.writeStage(id, plan, 'too late'),
      () => store.failStage(id, plan, { code: 'X', message: 'too late' }),
      () => store.resetStage(id, plan),
      () => store.restoreRevision(id, plan, 1),
      () => late.close(),
    ]) {
      await expect(work()).rejects.toMatchObject({
        code: 'STORE_LOCK_LOST',
        retryable: false,
        message: expect.stringContaining('taken over by process 7 on elsewhere'),
      });
    }
    expect(await store.get(id)).toEqual(before);
    expect(await store.readPartial(id, plan)).toBe('so far');
    expect(await store.listRevisions(id, plan)).toHaveLength(1);
    // What it does not run it may write, and giving back what is lost takes nothing from the other.
    await store.writeStage(id, { number: 2, slug: 'design' }, 'text');
    await lost.release();
    expect(await readFile(file, 'utf8')).toBe(other);
  });

  it('stays its holder’s when the folder is renamed', async () => {
    const { store, id, path } = await project();
    await using _lock = await store.lockStage(id, plan);
    await rename(path, `${path}-renamed`);
    expect((await store.writeStage(id, plan, 'text')).revision).toBe(1);
  });
});
