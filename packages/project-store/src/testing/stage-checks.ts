import assert from 'node:assert/strict';
import { contentHash } from '../fs/content-hash.js';
import type { StageRecord } from '../stages/stage.js';
import { type Checks, design, plan } from './conformance-case.js';
import { expectFailure } from './expect-failure.js';

const texts = [
  '',
  '\n',
  '-->',
  '<!-- x -->\n\n',
  'no line break',
  '\ufeffé🚀\r\n',
  'a\0b',
  '{{x}}\u2028',
  "'\\",
  'x'.repeat(300_000),
];

const record: StageRecord = {
  identity: 'abc',
  ingredients: { model: 'm --> <!--', prompt: 'é🚀"\\' },
  settings: { temperature: 0.5, nested: { list: [1, null, 'x'] } },
  inputRevisions: { '1': 4 },
  model: 'm',
  tokens: { input: 3, output: 5 },
  cache: 'miss',
  truncated: true,
};

/** Contract of stage documents and their revisions. */
export const stageChecks: Checks = {
  'makes a text the document, the first revision and the state': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const { path, ...revision } = await store.writeStage(id, plan, '# Plan\n', record);
    const { createdAt } = revision;
    const facts = {
      stage: 1,
      slug: plan.slug,
      revision: 1,
      origin: 'run',
      contentHash: contentHash('# Plan\n'),
    };
    assert.deepEqual(revision, { ...facts, createdAt, ...record });
    const document = {
      text: '# Plan\n',
      contentHash: revision.contentHash,
      revision: 1,
      edited: false,
      path,
    };
    assert.deepEqual(await other.readStage(id, plan), document);
    assert.deepEqual(await other.readRevision(id, plan, 1), { ...revision, text: '# Plan\n' });
    assert.deepEqual(await other.listRevisions(id, plan), [revision]);
    const state = { slug: plan.slug, status: 'done', revision: 1, lastRevision: 1, finishedAt: createdAt };
    assert.deepEqual((await other.get(id)).stages['1'], {
      ...state,
      contentHash: revision.contentHash,
      ...record,
    });
    assert.ok((await store.get(id)).version > 1);
  },
  'knows nothing of a stage that never ran': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    assert.equal(await store.readStage(id, plan), undefined);
    assert.equal(await store.readPartial(id, plan), undefined);
    assert.equal(await store.stageHolder(id, plan), undefined);
    assert.deepEqual(await store.listRevisions(id, plan), []);
    await expectFailure('STORE_REVISION_NOT_FOUND', store.readRevision(id, plan, 1));
  },
  'keeps every text exactly, for ever': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    for (const text of texts) {
      await store.writeStage(id, plan, text);
      assert.equal((await other.readStage(id, plan))?.text, text);
    }
    for (const [index, text] of texts.entries()) {
      const revision = await other.readRevision(id, plan, index + 1);
      assert.equal(revision.text, text);
      assert.equal(revision.contentHash, contentHash(text));
    }
    const numbers = (await store.listRevisions(id, plan)).map(({ revision }) => revision);
    assert.deepEqual(
      numbers,
      texts.map((_, index) => index + 1),
    );
  },
  'gives many texts at once a revision each': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? store : other).writeStage(id, plan, `text ${index}`),
      ),
    );
    const byNumber = new Map(made.map(({ revision }, index) => [revision, `text ${index}`]));
    assert.equal(byNumber.size, 12);
    for (const [revision, text] of byNumber) {
      assert.equal((await store.readRevision(id, plan, revision)).text, text);
    }
    assert.equal((await store.readStage(id, plan))?.text, byNumber.get(12));
  },
  'keeps stages apart': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'plan');
    await store.writeStage(id, design, 'design');
    await store.resetStage(id, plan);
    assert.equal((await store.readStage(id, design))?.text, 'design');
    assert.equal(await store.readStage(id, plan), undefined);
  },
  'restores an older revision as a new one': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'one', record);
    await store.writeStage(id, plan, 'two', { identity: 'b' });
    const restored = await other.restoreRevision(id, plan, 1);
    assert.deepEqual([restored.revision, restored.origin, restored.identity], [3, 'restore', 'abc']);
    assert.equal((await store.readStage(id, plan))?.text, 'one');
    const { stages } = await store.get(id);
    assert.deepEqual([stages['1']?.revision, stages['1']?.identity], [3, 'abc']);
    for (const revision of [0, 4, -1, 1.5, Number.NaN, 2 ** 40]) {
      await expectFailure('STORE_REVISION_NOT_FOUND', store.readRevision(id, plan, revision));
      await expectFailure('STORE_REVISION_NOT_FOUND', store.restoreRevision(id, plan, revision));
    }
    assert.equal((await store.listRevisions(id, plan)).length, 3);
  },
  'keeps of a text that a person wrote what is known of the run before': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'one', record);
    assert.equal((await store.writeStage(id, plan, 'mine', { origin: 'edit' })).origin, 'edit');
    const { stages } = await store.get(id);
    assert.deepEqual([stages['1']?.revision, stages['1']?.identity], [2, 'abc']);
    await store.writeStage(id, plan, 'two', { identity: 'b' });
    const { identity, settings } = await store.restoreRevision(id, plan, 2);
    assert.deepEqual([identity, settings], ['abc', record.settings]);
    assert.deepEqual((await store.get(id)).stages['1']?.settings, record.settings);
  },
  'notes a failure and keeps the document of before': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.failStage(id, design, { code: 'NO_ANSWER', message: 'no "answer"\n🚀' });
    await store.writeStage(id, plan, 'one', record);
    const failed = await store.failStage(id, plan, { code: 'TOO_LATE', message: 'later' });
    assert.deepEqual(await other.get(id), failed);
    const { error, status, revision } = failed.stages['1'] ?? {};
    assert.deepEqual([status, revision, error?.code, error?.message], ['failed', 1, 'TOO_LATE', 'later']);
    assert.ok((error?.at ?? 0) > 0);
    assert.equal(failed.stages['2']?.error?.message, 'no "answer"\n🚀');
    assert.equal(failed.stages['2']?.revision, undefined);
    assert.equal((await store.readStage(id, plan))?.text, 'one');
    await store.writeStage(id, plan, 'two');
    assert.equal((await store.get(id)).stages['1']?.error, undefined);
  },
  'takes a document away and leaves every revision': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'one', record);
    await store.writeStage(id, plan, 'two', record);
    const reset = await store.resetStage(id, plan);
    assert.deepEqual(reset.stages['1'], { slug: plan.slug, status: 'not-started', lastRevision: 2 });
    assert.deepEqual(await other.get(id), reset);
    assert.equal(await other.readStage(id, plan), undefined);
    assert.equal((await other.readRevision(id, plan, 2)).text, 'two');
    const [entry] = await other.getAll();
    assert.ok(entry?.kind === 'project' && entry.stagesDone === 0);
    assert.equal((await store.writeStage(id, plan, 'three')).revision, 3);
    await store.resetStage(id, design);
    assert.equal((await store.get(id)).stages['2']?.status, 'not-started');
  },
  'refuses what could not be read again, and writes nothing of it': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'one', record);
    const before = await store.get(id);
    const wrong: ReadonlyArray<readonly [Record<string, unknown>, RegExp]> = [
      [{ tokens: { input: 12.5, output: 3 } }, /input is not a whole number: 12\.5/u],
      [{ tokens: { input: 3 } }, /output is missing/u],
      [{ costUsd: Number.NaN }, /costUsd is not an amount: NaN/u],
      [{ inputRevisions: { '1': -1 } }, /1 is not a whole number: -1/u],
      [{ model: 5 }, /model is not a string/u],
      [{ origin: 'other' }, /origin must be run, edit, restore, received "other"/u],
    ];
    for (const [part, message] of wrong) {
      await assert.rejects(store.writeStage(id, plan, 'two', part), { name: 'TypeError', message });
    }
    const settings = { transcript: 'x'.repeat(2 ** 24) };
    const large = await expectFailure('STORE_UNWRITABLE', store.writeStage(id, plan, 'two', { settings }));
    assert.match(large.message, /at most 16777216 are stored/u);
    const text = 'x'.repeat(2 ** 27 + 1);
    for (const work of [
      () => store.writeStage(id, plan, text),
      () => store.writeIdea(id, text),
      () => store.create({ name: 'Long', idea: text }),
    ]) {
      const { message } = await expectFailure('STORE_UNWRITABLE', work());
      assert.match(message, /has 134217729 bytes, and at most 134217728 are stored/u);
    }
    assert.deepEqual(await other.get(id), before);
    assert.equal((await other.listRevisions(id, plan)).length, 1);
    assert.equal((await other.getAll()).length, 1);
  },
  'keeps of an endless message the beginning': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.failStage(id, plan, { code: 'X', message: 'm'.repeat(2 ** 24) });
    const message = (await other.get(id)).stages['1']?.error?.message;
    assert.equal(message, `${'m'.repeat(9_999)}…`);
  },
  'takes any number of a stage that it can count': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const last = { number: Number.MAX_SAFE_INTEGER, slug: 'last' };
    await store.writeStage(id, last, 'text');
    assert.equal((await other.readStage(id, last))?.text, 'text');
    assert.equal((await other.get(id)).stages[last.number]?.status, 'done');
  },
  'refuses a stage that is none': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const wrong = [
      { number: 0, slug: 'x' },
      { number: 1.5, slug: 'x' },
      { number: 1, slug: '../x' },
      { number: 1, slug: '' },
    ];
    for (const stage of wrong) {
      await assert.rejects(store.writeStage(id, stage, 'text'), RangeError);
      await assert.rejects(store.readStage(id, stage), RangeError);
      await assert.rejects(store.lockStage(id, stage), RangeError);
      await assert.rejects(store.readRevision(id, stage, 1), RangeError);
    }
    assert.deepEqual((await store.get(id)).stages, {});
  },
};
