import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { migrateOlderLayout, type OlderMigration, type OlderMigrationOptions } from '../../src/index.js';
import { temporaryFolder, temporaryStore } from '../temporary.js';

const plan = { number: 1, slug: 'initial-plan' };
const design = { number: 2, slug: 'architecture-design' };

/** A folder of older projects, each file by the name of its folder. */
async function older(files: Readonly<Record<string, unknown>>): Promise<string> {
  const place = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(place, name));
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(join(place, name, 'project.json'), isRaw ? content : JSON.stringify(content, null, 2));
  }
  return place;
}

type Store = Awaited<ReturnType<typeof temporaryStore>>['store'];

async function migrate(
  store: Store,
  place: string,
  options?: OlderMigrationOptions,
): Promise<OlderMigration[]> {
  const results: OlderMigration[] = [];
  for await (const result of migrateOlderLayout(store, place, options)) results.push(result);
  return results;
}

async function migrateOne(content: unknown): Promise<{ store: Store; result: OlderMigration; id: string }> {
  const { store } = await temporaryStore();
  const [result] = await migrate(store, await older({ tide: content }));
  if (result?.outcome !== 'migrated') throw new Error(JSON.stringify(result));
  return { store, result, id: result.project?.id ?? '' };
}

const whole = {
  id: 'a1b2',
  name: 'Tide Clock',
  description: 'Shows the tide.',
  tags: ['home', 'clock'],
  createdAt: '2023-05-06T07:08:09.123Z',
  updatedAt: '2023-06-06T07:08:09Z',
  favourite: { colour: 'blue' },
  stages: [
    {
      number: 1,
      name: 'Initial Plan',
      status: 'Completed',
      content: '# Plan\r\n\0🚀',
      completedAt: '2023-05-07T00:00:00Z',
    },
    { number: 2, name: 'Architecture Design', status: 'InProgress', content: 'So far' },
    { number: 3, name: 'Implementation Strategy', status: 'Failed', content: '', error: 'quota' },
    { number: 4, name: 'Progress Assessment', status: 'NotStarted', content: '' },
  ],
};

describe('a project of the older layout', () => {
  it('becomes a project with its texts, times and all that it said', async () => {
    const { store, result, id } = await migrateOne(whole);
    expect(result).toMatchObject({ name: 'Tide Clock', stages: [1, 2, 3], notes: [] });
    const project = await store.get(id);
    expect(project).toMatchObject({
      name: 'Tide Clock',
      description: 'Shows the tide.',
      tags: ['home', 'clock'],
      createdAt: Date.UTC(2023, 4, 6, 7, 8, 9, 123),
      updatedAt: Date.UTC(2023, 5, 6, 7, 8, 9),
      origin: 'older:a1b2',
    });
    expect(project.stages['1']).toMatchObject({ status: 'done', finishedAt: Date.UTC(2023, 4, 7) });
    expect(project.stages['2']).toMatchObject({ status: 'not-started', lastRevision: 0 });
    expect(project.stages['3']).toMatchObject({
      status: 'failed',
      error: { code: 'UNKNOWN', message: 'quota' },
    });
    expect(project.stages['4']).toBeUndefined();
    expect(await store.readStage(id, plan)).toMatchObject({ text: '# Plan\r\n\0🚀', edited: false });
    expect(await store.readPartial(id, design)).toBe('So far');
    expect(await store.readStage(id, design)).toBeUndefined();
    expect(await store.readIdea(id)).toBe('Shows the tide.\n');
    expect(JSON.parse((await store.readOriginal(id)) ?? '')).toEqual(whole);
  });

  it.each([
    ['camelCase in a list', (stages: unknown[]) => ({ projectId: 'x', projectName: 'Tide', stages })],
    ['PascalCase', (stages: unknown[]) => ({ Id: 'x', Name: 'Tide', Stages: stages })],
    [
      'wrapped by .NET',
      (stages: unknown[]) => ({ $id: '1', Id: 'x', Name: 'Tide', Stages: { $id: '2', $values: stages } }),
    ],
    ['wrapped', (stages: unknown[]) => ({ project: { id: 'x', name: 'Tide', stages } })],
    [
      'by number',
      (stages: unknown[]) => ({ id: 'x', name: 'Tide', stages: { 1: stages[0], '2': stages[1] } }),
    ],
    [
      'by name',
      (stages: unknown[]) => ({
        id: 'x',
        name: 'Tide',
        stages: { architecture_design: stages[1], InitialPlan: stages[0] },
      }),
    ],
    [
      'by word',
      (stages: unknown[]) => ({ id: 'x', name: 'Tide', stages: { stage1: stages[0], 'Stage 2': stages[1] } }),
    ],
  ])('is read in any dress: %s', async (_, dress) => {
    for (const [first, second] of [
      [
        { status: 'Completed', content: 'one' },
        { status: 'COMPLETED', output: 'two' },
      ],
      [
        { Status: 2, Content: 'one' },
        { Status: '2', Output: 'two' },
      ],
      ['one', 'two'],
      [
        { is_completed: true, Text: 'one' },
        { state: 'done', result: 'two' },
      ],
      [
        { stage_number: 1, content: 'one' },
        { stage_number: 2, content: 'two' },
      ],
      [
        { stageNumber: '1', content: 'one' },
        { stageNumber: '2', content: 'two' },
      ],
      [
        { number: 0, content: 'one' },
        { number: 1, content: 'two' },
      ],
      [
        { id: 0, content: 'one' },
        { id: 1, content: 'two' },
      ],
      [
        { id: 301, name: 'InitialPlan', content: 'one' },
        { id: 302, name: 'Architecture Design', content: 'two' },
      ],
    ]) {
      const { store, result, id } = await migrateOne(dress([first, second]));
      expect(result).toMatchObject({ name: 'Tide', stages: [1, 2], notes: [] });
      expect([(await store.readStage(id, plan))?.text, (await store.readStage(id, design))?.text]).toEqual([
        'one',
        'two',
      ]);
    }
  });

  it.each([
    ['2023-05-06T07:08:09Z', Date.UTC(2023, 4, 6, 7, 8, 9)],
    ['2023-05-06T09:08:09.1234567+02:00', Date.UTC(2023, 4, 6, 7, 8, 9, 123)],
    ['2023-05-06 07:08:09', Date.UTC(2023, 4, 6, 7, 8, 9)],
    ['2023-05-06', Date.UTC(2023, 4, 6)],
    [1_683_356_889, 1_683_356_889_000],
    [1_683_356_889.25, 1_683_356_889_250],
    [1_683_356_889_123, 1_683_356_889_123],
    ['1683356889', 1_683_356_889_000],
    ['/Date(1683356889123+0200)/', 1_683_356_889_123],
  ])('keeps the time %j', async (created_at, expected) => {
    const { store, id } = await migrateOne({ id: 'x', name: 'Tide', created_at, stages: [] });
    expect(await store.get(id)).toMatchObject({ createdAt: expected, updatedAt: expected });
  });

  it.each(['0001-01-01T00:00:00', '9999-12-31T23:59:59.9999999', 'soon', 0, null, 1e300, {}, ''])(
    'has the time of its file for %j',
    async (createdAt) => {
      const { store, result, id } = await migrateOne({ id: 'x', name: 'Tide', createdAt, stages: ['one'] });
      const { mtimeMs } = await stat(result.file);
      expect((await store.get(id)).createdAt).toBe(Math.round(mtimeMs));
    },
  );

  it('is told of where it contradicts itself, and loses nothing', async () => {
    const { store, result, id } = await migrateOne({
      id: 'x',
      name: `${'Tide '.repeat(50)}\n`,
      tags: 'home; clock, ',
      stages: [
        { number: 1, status: 'Completed', content: '' },
        { number: 2, status: 'NotStarted', content: 'left over' },
        { number: 3, status: 'constructor', content: 'three', usage: { input: 1, output: 2 } },
        { number: 4, status: 'Completed', content: 'older' },
        { number: 4, status: 'Completed', content: 'newer' },
        { number: 5, status: 'Failed', content: 'cut', error: { code: 'E', message: 'why' } },
        { number: 6, status: 'Completed', content: { a: [1] } },
        { number: 9, name: 'Ninth Stage', content: 'nine' },
      ],
    });
    if (result.outcome !== 'migrated') throw new Error('not migrated');
    expect(result.notes).toEqual([
      expect.stringContaining('its name is now'),
      'stage 1 is said to be completed but has no text',
      'stage 2 is said to be not started but has a text, which is kept as a revision',
      'stage 3 has the unknown status "constructor"; it is taken for completed',
      '2 stages have the number 4; the last one counts, the others are its history',
    ]);
    const { name, tags, stages } = await store.get(id);
    expect([...name].length).toBeLessThanOrEqual(200);
    expect(tags).toEqual(['home', 'clock']);
    expect(stages['1']).toBeUndefined();
    expect(stages['2']).toMatchObject({ status: 'not-started', lastRevision: 1 });
    expect((await store.readRevision(id, design, 1)).text).toBe('left over');
    const fourth = { number: 4, slug: 'progress-assessment' };
    expect((await store.readRevision(id, fourth, 1)).text).toBe('older');
    expect(await store.readStage(id, fourth)).toMatchObject({ text: 'newer', revision: 2 });
    expect(stages['3']).toMatchObject({ status: 'done', tokens: { input: 1, output: 2 } });
    expect(stages['5']).toMatchObject({ status: 'failed', error: { code: 'E', message: 'why' } });
    expect(await store.readPartial(id, { number: 5, slug: 'user-experience-design' })).toBe('cut');
    expect(await store.readStage(id, { number: 6, slug: 'code-generation-and-review' })).toMatchObject({
      text: '{\n  "a": [\n    1\n  ]\n}\n',
    });
    expect(await store.readStage(id, { number: 9, slug: 'ninth-stage' })).toMatchObject({ text: 'nine' });
  });

  it.each([
    ['\u202etxt.evil', 'txt.evil'],
    ['\u2028a\ud800b', 'a\ufffdb'],
    [' ', 'tide'],
    ['../x', '../x'],
  ])('is called %j as far as a project may be', async (name, expected) => {
    const { store, id } = await migrateOne({ id: 'x', name, tags: ['\u200b', name], stages: [] });
    expect(await store.get(id)).toMatchObject({ name: expected });
  });

  it('may lack almost everything', async () => {
    const { store, result, id } = await migrateOne({ stages: [null, 'text', {}] });
    expect(result).toMatchObject({ name: 'tide', stages: [2], notes: ['its name is now "tide"'] });
    expect(await store.readStage(id, design)).toMatchObject({ text: 'text' });
    expect((await migrateOne({ id: 7, name: 'Only a name' })).result).toMatchObject({
      name: 'Only a name',
      stages: [],
    });
  });

  it('is read in UTF-16 and with a byte order mark', async () => {
    const text = JSON.stringify({ id: 'x', name: 'Gezeiten Ä', stages: ['é🚀'] });
    for (const bytes of [Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from(`\ufeff${text}`)]) {
      const { store, id } = await migrateOne(bytes);
      expect(await store.readStage(id, plan)).toMatchObject({ text: 'é🚀' });
      expect(await store.readOriginal(id)).toBe(`\ufeff${text}`);
    }
  });
});

describe('migration of a folder', () => {
  it('tells of what is damaged and goes on', async () => {
    const { store } = await temporaryStore();
    const place = await older({
      a: '{"id": "a", "name": "A", "stages": [',
      b: '',
      c: [1],
      d: { unrelated: true },
      e: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      f: { id: 'f', name: 'F', stages: 5 },
      g: { id: 'g', name: 'Good', stages: ['text'] },
      deep: `{"id": 1, "name": "Deep", "stages": [{"content": ${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`,
    });
    await mkdir(join(place, 'h', 'project.json'), { recursive: true });
    await mkdir(join(place, 'nothing'));
    await writeFile(join(place, 'notes.txt'), 'mine');
    await symlink(join(place, 'g'), join(place, 'linked'));
    await mkdir(join(place, 'm'));
    await symlink(join(place, 'g', 'project.json'), join(place, 'm', 'project.json'));
    const results = await migrate(store, place);
    expect(results.map(({ file, outcome }) => [file.slice(place.length + 1), outcome])).toEqual([
      ...['a', 'b', 'c', 'd', 'deep', 'e', 'f'].map((name) => [`${name}/project.json`, 'damaged']),
      ['g/project.json', 'migrated'],
      ['h/project.json', 'damaged'],
      ['linked/project.json', 'damaged'],
      ['m/project.json', 'damaged'],
    ]);
    for (const result of results) if (result.outcome === 'damaged') expect(result.reason).not.toBe('');
    expect(await store.getAll()).toHaveLength(1);
  });

  it('passes over what is too large for a store, and an original that can no longer be read', async () => {
    const { store } = await temporaryStore();
    const stages = [{ number: 1, status: 'Completed', content: 'x', model: 'm'.repeat(2 ** 24) }];
    const place = await older({
      file: '',
      large: { id: 'l', name: 'Large', stages },
      whole,
    });
    await truncate(join(place, 'file', 'project.json'), 2 ** 27 + 1);
    const refused = [
      { outcome: 'damaged', reason: 'it has more than 134217728 bytes' },
      { outcome: 'damaged', reason: expect.stringContaining('at most 16777216 are stored') },
    ];
    expect(await migrate(store, place, { dryRun: true })).toMatchObject([
      ...refused,
      { outcome: 'migrated' },
    ]);
    const results = await migrate(store, place);
    expect(results).toMatchObject([...refused, { outcome: 'migrated' }]);
    const [project] = await store.getAll();
    await truncate(join(project?.path ?? '', 'original.json'), 2 ** 27 + 1);
    expect(await migrate(store, place)).toMatchObject([
      ...refused,
      { outcome: 'known', notes: [expect.stringContaining('cannot be compared')] },
    ]);
  });

  it('passes over a text that is too large only in UTF-8', async () => {
    const { store } = await temporaryStore();
    const large = Buffer.from(`\ufeff"${'潮'.repeat(45_000_000)}"`, 'utf16le');
    expect(await migrate(store, await older({ large }))).toMatchObject([
      { outcome: 'damaged', reason: 'it has more than 134217728 bytes' },
    ]);
  });

  it('makes nothing twice, and says what has changed since', async () => {
    const { store } = await temporaryStore();
    const place = await older({
      a: { ...whole, id: 'a' },
      b: { ...whole, id: 'b' },
      c: { name: 'No id', stages: ['x'] },
    });
    const first = await migrate(store, place);
    expect(first.map(({ outcome }) => outcome)).toEqual(['migrated', 'migrated', 'migrated']);
    const before = await store.getAll();
    await writeFile(join(place, 'b', 'project.json'), JSON.stringify({ ...whole, id: 'b', name: 'Other' }));
    const second = await migrate(store, place);
    expect(second.map(({ outcome }) => outcome)).toEqual(['known', 'known', 'known']);
    expect(second.map((result) => result.outcome === 'known' && result.notes.length)).toEqual([0, 1, 0]);
    expect(await store.getAll()).toEqual(before);
    const both = await Promise.all([migrate(store, place), migrate(store, place)]);
    expect(both.flat().every(({ outcome }) => outcome === 'known')).toBe(true);
  });

  it('keeps two projects apart that have one id, and takes a copy for what it is', async () => {
    const { store } = await temporaryStore();
    const place = await older({ a: whole, b: { ...whole, name: 'Changed copy' }, c: whole });
    const outcomes = ['migrated', 'migrated', 'known'];
    expect((await migrate(store, place, { dryRun: true })).map(({ outcome }) => outcome)).toEqual(outcomes);
    expect((await migrate(store, place)).map(({ outcome }) => outcome)).toEqual(outcomes);
    expect((await migrate(store, place)).map(({ outcome }) => outcome)).toEqual(['known', 'known', 'known']);
    expect((await store.getAll()).map((entry) => entry.kind === 'project' && entry.name)).toEqual(
      expect.arrayContaining(['Tide Clock', 'Changed copy']),
    );
  });

  it('makes nothing at all in a dry run', async () => {
    const { store, root } = await temporaryStore();
    const place = await older({ a: whole, b: '{' });
    const dry = await migrate(store, place, { dryRun: true });
    expect(dry).toMatchObject([{ outcome: 'migrated', stages: [1, 2, 3] }, { outcome: 'damaged' }]);
    expect(dry[0]).not.toHaveProperty('project');
    expect((await readdir(root)).filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  it('takes a folder of one project, its file, and the projects folder itself', async () => {
    const { store, root } = await temporaryStore();
    const place = await older({ a: whole });
    expect(await migrate(store, join(place, 'a'))).toMatchObject([{ outcome: 'migrated' }]);
    expect(await migrate(store, join(place, 'a', 'project.json'))).toMatchObject([{ outcome: 'known' }]);
    await mkdir(join(root, 'in-place'));
    await writeFile(join(root, 'in-place', 'Project.json'), JSON.stringify({ ...whole, id: 'other' }));
    expect(await migrate(store, root)).toMatchObject([{ outcome: 'migrated' }, { outcome: 'present' }]);
    await expect(migrate(store, join(place, 'missing'))).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });

  it('never changes its source', async () => {
    const { store } = await temporaryStore();
    const place = await older({ a: whole, b: '{' });
    const look = async (): Promise<unknown> =>
      Promise.all(
        (await readdir(place, { recursive: true })).sort().map(async (name) => {
          const { mtimeMs, ino, size } = await stat(join(place, name));
          return [name, mtimeMs, ino, size];
        }),
      );
    const before = await look();
    const text = await readFile(join(place, 'a', 'project.json'), 'utf8');
    await chmod(join(place, 'a', 'project.json'), 0o444);
    const [result] = await migrate(store, place);
    expect(await look()).toEqual(before);
    expect(result?.outcome === 'migrated' && (await store.readOriginal(result.project?.id ?? ''))).toBe(text);
  });

  it('ends by its signal, between two projects', async () => {
    const { store } = await temporaryStore();
    const place = await older({ a: whole, b: { ...whole, id: 'b' } });
    const ending = new AbortController();
    const migration = migrateOlderLayout(store, place, { signal: ending.signal });
    expect((await migration.next()).value).toMatchObject({ outcome: 'migrated' });
    ending.abort(new Error('enough'));
    await expect(migration.next()).rejects.toThrow('enough');
    expect(await store.getAll()).toHaveLength(1);
  });
});

describe('the README', () => {
  it('has an example of a migration that runs', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const blocks = [...readme.matchAll(/```js\n(.*?)```/gsu)].map(([, code = '']) => code);
    const example = blocks.find((code) => code.includes('migrateOlderLayout')) ?? '';
    const place = await older({ a: whole, b: '{' });
    const code = example
      .replace("'older-projects'", JSON.stringify(place))
      .replace("'projects'", JSON.stringify(`${place}/new`));
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: new URL('../..', import.meta.url),
    });
    expect(stdout).toMatch(
      /a\/project\.json migrated \[\]\n.*b\/project\.json damaged it is not valid JSON/u,
    );
  });
});
