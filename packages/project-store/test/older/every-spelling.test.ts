import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createProjectStore, migrateOlderLayout, type ProjectStore } from '../../src/index.js';
import { describeWithPostgres } from '../postgres/support/describe-with-postgres.js';
import { useServer } from '../postgres/support/servers.js';

type Spelling = (words: string) => string;

/** `words` are joined by a space: `created at`. */
const spellings: readonly Spelling[] = [
  (words) => words.replace(/ (.)/gu, (_, letter: string) => letter.toUpperCase()),
  (words) => words.replace(/(?:^| )(.)/gu, (_, letter: string) => letter.toUpperCase()),
  (words) => words.replaceAll(' ', '_'),
  (words) => words.replaceAll(' ', '-'),
];

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '# Plan\r\n\r\n```ts\n<!-- ai-toolkit {} -->\n```\n',
    '\ufeffx',
    'a\0b',
    '\u2028',
    '-->\n\n',
    ' \n',
  ),
);
const time = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2090-01-01') })
    .map((date) => date.toISOString()),
  fc.integer({ min: 1e9, max: 2e9 }),
  fc.integer({ min: 1e12, max: 2e12 }),
  fc.constantFrom(null, '', 'never', '0001-01-01T00:00:00'),
);
const stage = fc.record(
  {
    status: fc.constantFrom(
      'NotStarted',
      'InProgress',
      'Completed',
      'Failed',
      'completed',
      'IN_PROGRESS',
      0,
      1,
      2,
      3,
      'Paused',
      null,
    ),
    text,
    at: time,
    error: fc.oneof(fc.string(), fc.record({ message: fc.string(), code: fc.string() }), fc.constant(null)),
    more: fc.jsonValue(),
    contentName: fc.constantFrom('content', 'output'),
    numberName: fc.constantFrom('number', 'stage number', 'id'),
  },
  { requiredKeys: ['text', 'contentName', 'numberName'] },
);
const older = fc.record({
  spell: fc.constantFrom(...spellings),
  dress: fc.constantFrom('list', 'numbered', 'bare'),
  id: fc.option(fc.oneof(fc.uuid(), fc.integer({ min: 1 }), fc.string({ unit: 'binary' }))),
  name: fc.option(fc.string({ unit: 'binary', maxLength: 300 })),
  description: fc.option(fc.string({ unit: 'binary' })),
  tags: fc.option(fc.array(fc.string({ maxLength: 60 }), { maxLength: 40 })),
  created: time,
  more: fc.dictionary(fc.string(), fc.jsonValue()),
  stages: fc.array(stage, { maxLength: 7 }),
});
type Older = typeof older extends fc.Arbitrary<infer Value> ? Value : never;

/** The file that a program of the time would have written. */
function fileOf({ spell, dress, id, name, description, tags, created, more, stages }: Older): string {
  const all = stages.map(({ text: content, contentName, numberName, at, ...rest }, index) => ({
    ...rest,
    [spell(numberName)]: index + 1,
    [spell(contentName)]: content,
    [spell('completed at')]: at,
  }));
  const dressed = {
    list: all,
    bare: stages.map(({ text: content }) => content),
    numbered: Object.fromEntries(all.map((one, index) => [index + 1, one])),
  }[dress];
  // What is unknown comes first, so that nothing of it can take the place of what is known.
  const known = { id, name, description, tags, [spell('created at')]: created, [spell('stages')]: dressed };
  const others = Object.entries(more).filter(([key]) => /^[^a-z]*$/iu.test(key));
  return JSON.stringify({ ...Object.fromEntries(others), ...known });
}

/** Every text that a project says somewhere. */
async function textsOf(store: ProjectStore, id: string): Promise<string[]> {
  const texts: string[] = [];
  for (const [number, { slug }] of Object.entries((await store.get(id)).stages)) {
    const ref = { number: Number(number), slug };
    texts.push((await store.readPartial(id, ref)) ?? '');
    for (const { revision } of await store.listRevisions(id, ref)) {
      texts.push((await store.readRevision(id, ref, revision)).text);
    }
  }
  return texts;
}

async function check(store: ProjectStore, input: Older): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'project-store-older-'));
  try {
    const file = join(place, 'a', 'project.json');
    await mkdir(join(place, 'a'));
    const source = fileOf(input);
    await writeFile(file, source);
    const ids: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      for await (const result of migrateOlderLayout(store, place)) {
        const id =
          result.outcome === 'migrated'
            ? result.project?.id
            : result.outcome === 'known'
              ? result.id
              : undefined;
        if (id === undefined) throw new Error(JSON.stringify(result));
        ids.push(id);
      }
    }
    const [id = '', again] = ids;
    if (ids.length !== 2 || again !== id) throw new Error(`made ${ids.join(' and ')}`);
    const found = new Set(await textsOf(store, id));
    for (const { text: content } of input.stages) {
      if (content !== '' && !found.has(content)) throw new Error(`lost ${JSON.stringify(content)}`);
    }
    if ((await store.readOriginal(id)) !== source) throw new Error('the original is another one');
    if ((await readFile(file, 'utf8')) !== source) throw new Error('the source was changed');
    await store.delete(id, { permanent: true });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

describe('an older project in any spelling', () => {
  it('loses no text, is there once, and leaves its source alone', async () => {
    const root = await mkdtemp(join(tmpdir(), 'project-store-migrated-'));
    const store = createProjectStore({ root });
    try {
      await fc.assert(
        fc.asyncProperty(older, (input) => check(store, input)),
        { numRuns: 30 },
      );
    } finally {
      await store.close();
      await rm(root, { recursive: true, force: true });
    }
  });
});

describeWithPostgres('an older project in any spelling, in a database', () => {
  const fixture = useServer();

  it('loses no text, is there once, and leaves its source alone', async () => {
    const store = fixture.store();
    await fc.assert(
      fc.asyncProperty(older, (input) => check(store, input)),
      { numRuns: 60 },
    );
  });
});
