// A second process for the tests: `node child.mjs ROOT WORK ID DETAIL`, with `URL SCHEMA` for projects in a database.
// Says `ready` when it is, `done` at the end.
import process from 'node:process';
import { createProjectStore, migrateOlderLayout } from '../../dist/index.js';
import { createPostgresProjectStore } from '../../dist/postgres/index.js';

const [, , place, work, id, detail] = process.argv;
const [root, schema] = JSON.parse(place);
const store =
  schema === undefined
    ? createProjectStore({ root, lockWaitMs: 60_000 })
    : createPostgresProjectStore({ url: root, schema, lockWaitMs: 60_000 });
const stage = { number: 1, slug: 'initial-plan' };

const works = {
  async update() {
    for (let n = 0; n < Number(detail); n += 1) {
      await store.update(id, { description: `${process.pid} ${n}` });
    }
  },
  // Four writers side by side, each of which adds one to the number that the tag is.
  async updateTogether() {
    const add = async () => {
      const { version, tags } = await store.get(id);
      const next = { tags: [String(Number(tags[0] ?? 0) + 1)] };
      await store.update(id, next, { expectedVersion: version });
    };
    const write = async () => {
      for (let n = 0; n < Number(detail); n += 1) {
        const failure = await add().catch((error) => error);
        if (failure === undefined) continue;
        if (failure.code !== 'STORE_CONFLICT') throw failure;
        n -= 1;
      }
    };
    await Promise.all([write(), write(), write(), write()]);
  },
  // As many writers side by side, each of which writes its texts in order and repeats what may not have arrived.
  async endure() {
    const [from, to, count] = JSON.parse(detail);
    const write = async (number) => {
      for (let n = 1; n <= count; n += 1) {
        try {
          await store.writeStage(id, { number, slug: 'plan' }, `text ${n}`);
          process.stdout.write(`${number} wrote ${n}\n`);
        } catch (error) {
          if (error.retryable !== true) throw error;
          process.stdout.write(`failed ${error.code}\n`);
          await new Promise((resolve) => setTimeout(resolve, 10));
          n -= 1;
        }
      }
    };
    await Promise.all(Array.from({ length: to - from + 1 }, (_, index) => write(from + index)));
  },
  async migrate() {
    for await (const { outcome } of migrateOlderLayout(store, id)) process.stdout.write(`${outcome}\n`);
  },
  async grow() {
    const big = 'x'.repeat(400_000);
    const attempts = [
      () => store.writeStage(id, stage, big),
      () => store.writeIdea(id, big),
      () => store.create({ name: 'Second', idea: big }),
    ];
    for (const attempt of attempts) {
      const failure = await attempt().catch((error) => error);
      process.stdout.write(`${failure.code} ${failure.cause?.code}\n`);
    }
  },
  async hold() {
    const held = detail === undefined ? stage : JSON.parse(detail);
    await store.lockStage(id, held);
    const partial = await store.openPartial(id, held);
    partial.append('so far');
    await partial.close();
    process.stdout.write('holding\n');
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  },
  async everything() {
    for (let n = 0; ; n += 1) {
      await store.update(id, { description: `description ${n}` });
      await store.writeStage(id, stage, `text ${n}\n`.repeat(200), { identity: `${n}` });
      const extra = await store.create({ name: 'Extra', idea: `idea ${n}` });
      await store.delete(extra.id, { permanent: n % 2 === 0 });
      if (n % 3 === 0) await store.resetStage(id, stage);
    }
  },
};

process.stdout.write('ready\n');
await works[work]();
process.stdout.write('done\n');
