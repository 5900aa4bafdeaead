import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { diffTexts } from '../../src/history/diff-texts.js';
import { collect, setUp } from '../setup.js';

describe('history', () => {
  it('tells what each revision was made of', async () => {
    const { planner, project, client } = await setUp({ model: 'm', estimateCost: () => 0.25 });
    client.answer = () => ({ usage: { inputTokens: 7, outputTokens: 9 } });
    await collect(planner.run(project.id, { stages: [1, 2] }));
    await writeFile(join(project.path, 'stages/1-initial-plan.md'), '# Mine\n');
    await collect(planner.run(project.id, { stages: [2] }));
    await collect(planner.runStage(project.id, 1, { force: true }));
    await collect(planner.run(project.id, { stages: [2] }));
    const [first, second, third] = await planner.history(project.id, 2);
    expect(first).toMatchObject({
      stage: 2,
      name: 'Architecture Design',
      revision: 1,
      origin: 'run',
      model: 'm',
      tokens: { input: 7, output: 9 },
      costUsd: 0.25,
      cache: 'miss',
      current: false,
      inputs: [{ stage: 1, name: 'Initial Plan', revision: 1, edited: false }],
    });
    expect(second?.inputs).toEqual([{ stage: 1, name: 'Initial Plan', revision: 1, edited: true }]);
    // The edit was kept as revision 2 when the forced run replaced it.
    expect(third?.inputs).toEqual([{ stage: 1, name: 'Initial Plan', revision: 3, edited: false }]);
    expect(third).toMatchObject({ current: true, costUsd: 0 });
    expect((await planner.history(project.id, 1)).map(({ origin }) => origin)).toEqual([
      'run',
      'edit',
      'run',
    ]);
    expect(await planner.history(project.id, 3)).toEqual([]);
  });

  it('keeps what a text of a person replaces, and none comes between a run', async () => {
    const { planner, project, store } = await setUp({ model: 'm' });
    expect(await planner.document(project.id, 1)).toBeUndefined();
    await collect(planner.runStage(project.id, 1));
    await planner.writeDocument(project.id, 1, '# Mine\n');
    expect(await planner.document(project.id, 1)).toMatchObject({
      text: '# Mine\n',
      revision: 2,
      edited: false,
    });
    expect((await planner.history(project.id, 1)).map(({ origin }) => origin)).toEqual(['run', 'edit']);
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'done' });
    const { slug } = planner.stages[0] ?? { slug: '' };
    await using _held = await store.lockStage(project.id, { number: 1, slug });
    await expect(planner.writeDocument(project.id, 1, 'x')).rejects.toMatchObject({
      code: 'PLAN_STAGE_BUSY',
    });
    await expect(planner.document(project.id, 99)).rejects.toMatchObject({ code: 'PLAN_STAGE_UNKNOWN' });
  });

  it('survives a document that was put there by hand', async () => {
    const { planner, project } = await setUp();
    await writeFile(join(project.path, 'stages/1-initial-plan.md'), '# Mine\n');
    await collect(planner.runStage(project.id, 2));
    expect((await planner.history(project.id, 2))[0]?.inputs).toEqual([
      { stage: 1, name: 'Initial Plan', revision: 0, edited: false },
    ]);
  });
});

describe('diff', () => {
  it('is unified, between revisions or with what is on disk', async () => {
    const { planner, project, store } = await setUp();
    const stage = { number: 1, slug: 'initial-plan' };
    await store.writeStage(project.id, stage, 'one\ntwo\nthree\n');
    await store.writeStage(project.id, stage, 'one\n2\nthree\nfour\n');
    expect(await planner.diff(project.id, 1, 1, 2)).toEqual({
      unified: [
        '--- 1-initial-plan@1',
        '+++ 1-initial-plan@2',
        '@@ -1,3 +1,4 @@',
        ' one',
        '-two',
        '+2',
        ' three',
        '+four',
        '',
      ].join('\n'),
      linesAdded: 2,
      linesRemoved: 1,
    });
    expect(await planner.diff(project.id, 1, 2)).toEqual({ unified: '', linesAdded: 0, linesRemoved: 0 });
    await writeFile(join(project.path, 'stages/1-initial-plan.md'), 'one\n2\nthree\nfour\nfive');
    expect((await planner.diff(project.id, 1, 2)).unified).toContain('+five\n\\ No newline at end of file');
    expect(await planner.diff(project.id, 1, 'current', 2)).toMatchObject({ linesAdded: 0, linesRemoved: 1 });
    await expect(planner.diff(project.id, 1, 9)).rejects.toMatchObject({ code: 'STORE_REVISION_NOT_FOUND' });
    await expect(planner.diff(project.id, 9, 1)).rejects.toMatchObject({ code: 'PLAN_STAGE_UNKNOWN' });
  });
});

describe('a diff of texts', () => {
  it.each([
    ['a', 'b'],
    ['a', ''],
    ['', 'b'],
  ])('of any length that have nothing in common replaces all lines: %j, %j', (before, after) => {
    const lines = (word: string): string =>
      word === '' ? '' : Array.from({ length: 50_000 }, (_, n) => `${word}${n}`).join('\n');
    const [from, to] = [lines(before), lines(after)];
    const { unified, linesAdded, linesRemoved } = diffTexts(
      { name: 'x', text: from },
      { name: 'y', text: to },
    );
    expect([linesRemoved, linesAdded]).toEqual([from, to].map((text) => (text === '' ? 0 : 50_000)));
    expect(applyPatch(from, unified)).toBe(to);
  });
});

describe('restore', () => {
  it('brings a text back, makes stale what was made from the other, and waits for no run', async () => {
    const { planner, project, store } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2] }));
    const path = join(project.path, 'stages/1-initial-plan.md');
    const before = await readFile(path, 'utf8');
    await store.writeIdea(project.id, 'Another');
    await collect(planner.run(project.id, { stages: [1, 2] }));
    await planner.restore(project.id, 1, 1);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect((await planner.status(project.id)).stages[1]).toMatchObject({
      status: 'stale',
      why: expect.arrayContaining([
        'stage 1 (Initial Plan) is now at revision 3, this was made from revision 2',
      ]),
    });
    const lock = await store.lockStage(project.id, { number: 1, slug: 'initial-plan' });
    await expect(planner.restore(project.id, 1, 2)).rejects.toMatchObject({ code: 'PLAN_STAGE_BUSY' });
    await lock.release();
    await expect(planner.restore(project.id, 1, 9)).rejects.toMatchObject({
      code: 'STORE_REVISION_NOT_FOUND',
    });
  });
});

describe('extractCode of a planner', () => {
  it('reads the document of a stage, and is an error where there is none', async () => {
    const { planner, project, store, root } = await setUp();
    const dir = join(root, '.out');
    await expect(planner.extractCode(project.id, 6, dir)).rejects.toMatchObject({
      code: 'PLAN_DEPENDENCY_UNMET',
      stages: [6],
    });
    const stage = { number: 6, slug: 'code-generation-and-review' };
    await store.writeStage(project.id, stage, '```ts file=src/a.ts\n1\n```\n');
    const { files } = await planner.extractCode(project.id, 6, dir);
    expect(files).toMatchObject([{ path: 'src/a.ts', action: 'create' }]);
    expect(await readFile(join(dir, 'src/a.ts'), 'utf8')).toBe('1\n');
  });
});
