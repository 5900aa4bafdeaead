import assert from 'node:assert/strict';
import type { ImportedProject } from '../import/imported-project.js';
import { type Checks, design, plan } from './conformance-case.js';
import { expectFailure } from './expect-failure.js';

const elsewhere: ImportedProject = {
  origin: 'elsewhere:7',
  name: 'Tide Clock',
  description: 'Shows the tide.',
  tags: ['home'],
  createdAt: 1_500_000_000_123,
  updatedAt: 1_600_000_000_456,
  stages: [
    {
      stage: plan,
      texts: [
        { text: 'one', createdAt: 1_500_000_000_200, record: { model: 'm' } },
        {
          text: 'two\0🚀\r\n',
          createdAt: 1_500_000_000_300,
          record: { model: 'n', tokens: { input: 1, output: 2 } },
        },
      ],
    },
    { stage: design, texts: [{ text: 'old', createdAt: 0 }], isReset: true, partial: 'so far' },
    { stage: { number: 9, slug: 'last' }, texts: [], failure: { code: 'X', message: 'no answer', at: 5 } },
  ],
  original: '\ufeff{"all": "of it"}\n\n',
};

/** Contract of `importProject`. */
export const importChecks: Checks = {
  'brings in a project with its texts and times': async ({ store, other }) => {
    const { project, isNew } = await store.importProject(elsewhere);
    assert.ok(isNew);
    const { id } = project;
    assert.deepEqual(await other.get(id), project);
    const { name, description, tags, createdAt, updatedAt, origin } = elsewhere;
    const facts = { name, description, tags, createdAt, updatedAt, origin, version: 1 };
    assert.deepEqual(project, { ...facts, id, stages: project.stages, path: project.path });
    assert.deepEqual(await other.getAll(), [
      { kind: 'project', ...facts, id, stagesDone: 1, path: project.path },
    ]);
    assert.equal(await other.readIdea(id), 'Shows the tide.\n');
    assert.equal((await other.readStage(id, plan))?.text, 'two\0🚀\r\n');
    assert.deepEqual(
      (await other.listRevisions(id, plan)).map((revision) => [
        revision.revision,
        revision.createdAt,
        revision.model,
      ]),
      [
        [1, 1_500_000_000_200, 'm'],
        [2, 1_500_000_000_300, 'n'],
      ],
    );
    assert.equal((await other.readRevision(id, plan, 1)).text, 'one');
    const { stages } = project;
    assert.deepEqual(
      [stages['1']?.status, stages['1']?.revision, stages['1']?.tokens?.output],
      ['done', 2, 2],
    );
    assert.deepEqual(stages['2'], { slug: design.slug, status: 'not-started', lastRevision: 1 });
    assert.deepEqual(
      [stages['9']?.status, stages['9']?.error],
      ['failed', { code: 'X', message: 'no answer', at: 5 }],
    );
    assert.equal(await other.readStage(id, design), undefined);
    assert.equal(await other.readPartial(id, design), 'so far');
    assert.equal((await other.readRevision(id, design, 1)).text, 'old');
    assert.equal(await other.readOriginal(id), elsewhere.original);
    assert.equal((await other.writeStage(id, design, 'new')).revision, 2);
    assert.equal((await store.update(id, { name: 'Other' })).origin, origin);
    assert.equal(await store.readOriginal((await store.create({ name: 'New' })).id), undefined);
  },
  'brings in a project once, whoever asks': async ({ store, other }) => {
    const results = await Promise.all(
      [store, other, store, other].map((one) => one.importProject(elsewhere)),
    );
    assert.equal(results.filter(({ isNew }) => isNew).length, 1);
    const id = results[0]?.project.id ?? '';
    assert.ok(results.every(({ project }) => project.id === id));
    await store.writeStage(id, plan, 'three');
    const again = await other.importProject({ ...elsewhere, name: 'Another', stages: [] });
    assert.deepEqual(again, { project: await store.get(id), isNew: false });
    assert.ok((await store.importProject({ ...elsewhere, origin: 'elsewhere:8' })).isNew);
    await store.delete(id);
    assert.ok((await other.importProject(elsewhere)).isNew);
    assert.equal((await store.getAll()).length, 2);
  },
  'brings in nothing of what is not whole': async ({ store }) => {
    const stage = { stage: plan, texts: [] };
    const wrong: ReadonlyArray<Partial<ImportedProject>> = [
      { origin: '' },
      { origin: 'a\nb' },
      { origin: 'x'.repeat(201) },
      { createdAt: Number.NaN },
      { updatedAt: 1e17 },
      { stages: [stage, stage] },
      { stages: [{ ...stage, stage: { number: 1, slug: '../x' } }] },
      { stages: [{ ...stage, texts: [{ text: 'x', createdAt: 0.5 }] }] },
    ];
    for (const part of wrong)
      await assert.rejects(store.importProject({ ...elsewhere, ...part }), RangeError);
    const texts = [{ text: 'x', createdAt: 0, record: { costUsd: -1 } }];
    await assert.rejects(store.importProject({ ...elsewhere, stages: [{ ...stage, texts }] }), TypeError);
    const long = 'x'.repeat(2 ** 27 + 1);
    const settings = { transcript: 'x'.repeat(2 ** 24) };
    for (const part of [
      { original: long },
      { stages: [{ ...stage, partial: long }] },
      { stages: [{ ...stage, texts: [{ text: 'x', createdAt: 0, record: { settings } }] }] },
    ]) {
      await expectFailure('STORE_UNWRITABLE', store.importProject({ ...elsewhere, ...part }));
    }
    assert.deepEqual(await store.getAll(), []);
  },
};
