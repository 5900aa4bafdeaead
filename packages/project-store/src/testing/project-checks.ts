import assert from 'node:assert/strict';
import { type Checks, plan } from './conformance-case.js';
import { expectFailure } from './expect-failure.js';

const hostileNames = [
  '../x',
  '..',
  '/etc/passwd',
  'CON',
  'nul.txt',
  'dots...',
  '🚀',
  '潮汐時計',
  "'; DROP TABLE x; --",
  '%_\\',
];

/** Contract of `create`, `get` and `update`. */
export const projectChecks: Checks = {
  'makes a project that others find at once': async ({ store, other, setClock }) => {
    setClock(1_900_000_000_000);
    const made = await store.create({
      name: ' Tide Clock ',
      description: 'Shows the tide.',
      tags: ['b', 'a', 'b'],
    });
    assert.equal(made.name, 'Tide Clock');
    assert.equal(made.description, 'Shows the tide.');
    assert.deepEqual(made.tags, ['b', 'a']);
    assert.equal(made.version, 1);
    assert.deepEqual(made.stages, {});
    assert.ok(made.createdAt >= 1_900_000_000_000 && made.updatedAt === made.createdAt);
    assert.deepEqual(await store.get(made.id), made);
    assert.deepEqual(await other.get(made.id), made);
  },
  'keeps the idea in full, or the description for want of one': async ({ store }) => {
    const short = await store.create({ name: 'Short', description: 'As it is said.' });
    assert.equal(await store.readIdea(short.id), 'As it is said.\n');
    const idea = `# An idea\r\n\n${'words '.repeat(5000)}🚀`;
    const long = await store.create({ name: 'Long', description: 'In short.', idea });
    assert.equal(await store.readIdea(long.id), `${idea}\n`);
    assert.equal(await store.readIdea((await store.create({ name: 'Nothing' })).id), '');
  },
  'replaces the idea by any text, exactly': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    for (const text of ['', 'no line break at the end', '\ufeffa\0b\r\n\u2028🚀']) {
      const { version } = await store.get(id);
      assert.equal((await store.writeIdea(id, text)).version, version + 1);
      assert.equal(await other.readIdea(id), text);
    }
  },
  'gives equal names places of their own': async ({ store, other }) => {
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 === 0 ? store : other).create({ name: 'Tide Clock' }),
      ),
    );
    assert.equal(new Set(made.map(({ id }) => id)).size, 8);
    assert.equal(new Set(made.map(({ path }) => path)).size, 8);
    assert.equal((await store.getAll()).length, 8);
  },
  'takes names that would be dangerous elsewhere': async ({ store }) => {
    for (const name of hostileNames) {
      const { id } = await store.create({ name });
      assert.equal((await store.get(id)).name, name);
    }
    assert.equal((await store.getAll()).length, hostileNames.length);
  },
  'refuses names that cannot be kept': async ({ store }) => {
    for (const name of ['', ' \t ', 'a\nb', 'x'.repeat(300)]) {
      await expectFailure('STORE_NAME_INVALID', store.create({ name }));
    }
    await expectFailure('STORE_NAME_INVALID', store.create({ name: 'x', tags: ['x'.repeat(51)] }));
    await expectFailure('STORE_NAME_INVALID', store.create({ name: 'x', description: 'x'.repeat(10_001) }));
    const { id } = await store.create({ name: 'Tide Clock' });
    await expectFailure('STORE_NAME_INVALID', store.update(id, { name: '' }));
    assert.equal((await store.getAll()).length, 1);
    assert.equal((await store.get(id)).version, 1);
  },
  'finds by id, the beginning of it, and the last part of the path': async ({ store }) => {
    const project = await store.create({ name: 'Tide Clock' });
    await store.create({ name: 'Rain Gauge' });
    const last = project.path.slice(project.path.search(/[^\\/]+$/u));
    for (const reference of [project.id, project.id.toUpperCase(), ` ${project.id} `, 'tide', last]) {
      assert.deepEqual(await store.get(reference), project, reference);
    }
  },
  'prefers what is named exactly to what begins so': async ({ store }) => {
    const project = await store.create({ name: 'Tide' });
    await store.create({ name: 'Tide Clock' });
    assert.equal((await store.get('tide')).id, project.id);
  },
  'finds by the name, unless several have it': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide' });
    await store.update(id, { name: 'Ebb and Flow' });
    assert.equal((await other.get('ebb AND flow')).id, id);
    const twin = await store.create({ name: 'Ebb and Flow' });
    const { message } = await expectFailure('STORE_PROJECT_AMBIGUOUS', store.get('Ebb and Flow'));
    assert.ok(message.includes(id) && message.includes(twin.id), message);
  },
  'finds by the name in any script and case': async ({ store, other }) => {
    for (const [name, reference] of [
      ['Übersicht', 'übersicht'],
      ['Мой Каталог', 'мой КАТАЛОГ'],
      ['潮汐 時計', '潮汐 時計'],
    ] as const) {
      const { id } = await store.create({ name: 'Something else' });
      await store.update(id, { name });
      assert.equal((await other.get(name)).id, id);
      assert.equal((await other.get(reference)).id, id);
    }
  },
  'names what was probably meant': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const rain = await store.create({ name: 'Rain Gauge' });
    for (const [reference, meant] of [
      ['tide-clcok', id],
      ['clock', id],
      [`${rain.id.slice(0, -1)}-`, rain.id],
    ] as const) {
      const { hint } = await expectFailure('STORE_PROJECT_NOT_FOUND', store.get(reference));
      assert.ok(hint.includes(meant), `${reference}: ${hint}`);
    }
    const { hint } = await expectFailure('STORE_PROJECT_NOT_FOUND', store.get('something else'));
    assert.ok(!hint.includes(id) && !hint.includes(rain.id), hint);
  },
  'says so when nothing fits, or when several do': async ({ store }) => {
    await store.create({ name: 'Clock one' });
    await store.create({ name: 'Clock two' });
    for (const reference of ['nothing', '', ' ', '.', '../etc', '%', 'clock_one', 'a\0b', "' OR '1'='1"]) {
      await expectFailure('STORE_PROJECT_NOT_FOUND', store.get(reference));
    }
    const { message } = await expectFailure('STORE_PROJECT_AMBIGUOUS', store.get('clock'));
    assert.match(message, /clock-one-.*clock-two-/u);
    await expectFailure('STORE_PROJECT_AMBIGUOUS', store.update('clock', { name: 'x' }));
  },
  'changes what is named and nothing else': async ({ store, other }) => {
    const before = await store.create({ name: 'Tide Clock', description: 'Old.', tags: ['a'] });
    const after = await store.update(before.id, { description: 'New.' });
    assert.deepEqual(after, { ...before, description: 'New.', version: 2, updatedAt: after.updatedAt });
    assert.ok(after.updatedAt > before.updatedAt);
    assert.deepEqual(await other.get(before.id), after);
    const renamed = await other.update(before.id, { name: 'Rain Clock', tags: [] });
    assert.deepEqual([renamed.name, renamed.tags, renamed.id], ['Rain Clock', [], before.id]);
  },
  'refuses a change made for another version': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.update(id, { name: 'Rain Clock' }, { expectedVersion: 1 });
    await expectFailure('STORE_CONFLICT', other.update(id, { name: 'Sun Clock' }, { expectedVersion: 1 }));
    assert.equal((await store.get(id)).name, 'Rain Clock');
  },
  'lets one of many changes for the same version in': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? store : other).update(id, { description: `${index}` }, { expectedVersion: 1 }),
      ),
    );
    assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await store.get(id)).version, 2);
  },
  'loses none of many changes at once': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 4 === 0
          ? other.writeStage(id, { number: index + 1, slug: 'plan' }, `text ${index}`)
          : (index % 2 === 0 ? store : other).update(id, { description: `${index}` }),
      ),
    );
    const { version, stages } = await store.get(id);
    assert.ok(version >= 41, `${version} versions`);
    assert.equal(Object.keys(stages).length, 10);
  },
  'does not let a clock that was set back make a change look old': async ({ store, setClock }) => {
    setClock(1_900_000_000_000);
    const { id, updatedAt } = await store.create({ name: 'Tide Clock' });
    setClock(1_000_000_000_000);
    assert.ok((await store.update(id, { description: 'Later.' })).updatedAt >= updatedAt);
    await store.writeStage(id, plan, 'text');
    assert.ok((await store.get(id)).updatedAt >= updatedAt);
  },
};
