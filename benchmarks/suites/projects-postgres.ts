import {
  createPostgresProjectStore,
  type PostgresProjectStoreOptions,
} from '@ai-toolkit/project-store/postgres';
import pg from 'pg';
import { TestPostgres } from '../../packages/project-store/test/postgres/support/postgres-server.ts';
import type { Suite } from '../support/suite.ts';

const PROJECTS = 10_000;
const REVISIONS = 3;
const ROUNDS = 7;
const WRITES = 400;
const WRITERS = 8;

type Store = ReturnType<typeof createPostgresProjectStore>;

export const suite: Suite = {
  title: 'Projects in PostgreSQL',
  method: `One server on the same machine, with fsync off, lest it measure the disk. ${PROJECTS} projects with ${REVISIONS} stages of 4 KB each. Readings are medians of ${ROUNDS}, taken in turn with their floor: the same rows read by the driver alone, parsed into the same objects. Writes are ${WRITES} by ${WRITERS} writers through one store; the floor is the same number of transactions by the driver alone that lock a row, update it and insert one of 4 KB.`,
  async run() {
    await using server = await TestPostgres.start();
    const options: PostgresProjectStoreOptions = { url: server.url };
    await using store = createPostgresProjectStore(options);
    const ids = await fill(store);
    const pool = new pg.Pool({ connectionString: server.url, max: 10 });
    try {
      return [
        {
          title: 'Reading',
          columns: ['', 'ms', 'floor, ms', 'ratio'],
          rows: await readings(store, pool, ids),
        },
        { title: 'Writing', columns: ['', 'writes a second'], rows: await writings(store, pool, ids) },
      ];
    } finally {
      await pool.end();
    }
  },
};

async function fill(store: Store): Promise<string[]> {
  const text = 'word '.repeat(800);
  const ids: string[] = [];
  await side(20, PROJECTS, async (index) => {
    const stages = Array.from({ length: REVISIONS }, (_, stage) => ({
      stage: { number: stage + 1, slug: `stage-${stage + 1}` },
      texts: [
        { text, createdAt: 1, record: { identity: 'a'.repeat(64), ingredients: { prompt: 'b'.repeat(64) } } },
      ],
    }));
    const facts = { name: `Project ${index}`, description: 'As described.', createdAt: 1, updatedAt: index };
    const { project } = await store.importProject({
      ...facts,
      origin: `bench:${index}`,
      stages,
      original: '{}',
    });
    ids.push(project.id);
  });
  return ids;
}

async function readings(store: Store, pool: pg.Pool, ids: readonly string[]): Promise<string[][]> {
  const list =
    'SELECT id, slug, name, description, tags, created_at, updated_at, version, stages_done FROM ai_toolkit.projects ORDER BY updated_at DESC';
  const one =
    'SELECT id, slug, name, description, tags, created_at, updated_at, version, stages FROM ai_toolkit.projects WHERE id = $1';
  const stage = { number: 3, slug: 'stage-3' };
  const text =
    'SELECT text FROM ai_toolkit.revisions WHERE project = $1 AND stage = 3 AND slug = $2 AND revision = 1';
  const some = ids.slice(0, 200);
  const each = async (work: (id: string) => Promise<unknown>): Promise<void> => {
    for (const id of some) await work(id);
  };
  const cases: ReadonlyArray<readonly [string, () => Promise<unknown>, () => Promise<unknown>]> = [
    [`getAll of ${PROJECTS}`, () => store.getAll(), () => pool.query(list)],
    ['get, 200 times', () => each((id) => store.get(id)), () => each((id) => pool.query(one, [id]))],
    [
      'readStage, 200 times',
      () => each((id) => store.readStage(id, stage)),
      () =>
        each(async (id) => {
          await pool.query(one, [id]);
          await pool.query(text, [id, stage.slug]);
        }),
    ],
  ];
  const rows: string[][] = [];
  for (const [name, ours, floor] of cases) {
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      times[0].push(await time(ours));
      times[1].push(await time(floor));
    }
    const [mine, least] = times.map(median) as [number, number];
    rows.push([name, mine.toFixed(1), least.toFixed(1), (mine / least).toFixed(2)]);
  }
  return rows;
}

async function writings(store: Store, pool: pg.Pool, ids: readonly string[]): Promise<string[][]> {
  const stage = { number: 1, slug: 'stage-1' };
  const text = 'word '.repeat(800);
  const first = ids[0] ?? '';
  await pool.query('CREATE TABLE floor (id text, text bytea)');
  const floor = async (id: string): Promise<void> => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM ai_toolkit.projects WHERE id = $1 FOR UPDATE', [id]);
    await client.query('UPDATE ai_toolkit.projects SET version = version + 1 WHERE id = $1', [id]);
    await client.query('INSERT INTO floor VALUES ($1, $2)', [id, Buffer.from(text)]);
    await client.query('COMMIT');
    client.release();
  };
  const cases: ReadonlyArray<readonly [string, (id: string) => Promise<unknown>]> = [
    ['writeStage', (id) => store.writeStage(id, stage, text)],
    ['update', (id) => store.update(id, { description: 'Another.' })],
    ['floor', floor],
  ];
  const rows: string[][] = [];
  for (const [name, write] of cases) {
    for (const [whose, idOf] of [
      ['one project', () => first],
      ['a project each', (index: number) => ids[index] ?? first],
    ] as const) {
      const ms = await time(() => side(WRITERS, WRITES, (index) => write(idOf(index))));
      rows.push([`${name}, ${whose}`, (WRITES / (ms / 1000)).toFixed(0)]);
    }
  }
  return rows;
}

/** Runs `work` `count` times, `width` at once. */
async function side(width: number, count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  const queue = Array.from({ length: count }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const index of queue) await work(index);
    }),
  );
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
