// A second process for the tests: `node child.mjs ROOT WORK ID DETAIL`, with `URL SCHEMA` for projects in a database.
// Prints `ready` once it is, and `done` at the end.
import { closeSync, openSync } from 'node:fs';
import fileSystem, { appendFile, copyFile, mkdir, readFile, unlink } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { acquireLock, createProjectStore, migrateOlderLayout } from '../../dist/index.js';
import { createPostgresProjectStore } from '../../dist/postgres/index.js';

const [, , place, work, id, detail] = process.argv;
const [root, schema] = JSON.parse(place);
const store =
  schema === undefined
    ? createProjectStore({ root, lockWaitMs: 60_000 })
    : createPostgresProjectStore({ url: root, schema, lockWaitMs: 60_000 });
const stage = { number: 1, slug: 'initial-plan' };

const works = {
  async list() {
    const names = (await store.getAll()).map((entry) => (entry.kind === 'project' ? entry.name : '!'));
    process.stdout.write(`names ${names.sort().join(' ')}\n`);
  },
  async scarce() {
    const files = [];
    const take = () => {
      try {
        for (;;) files.push(openSync('/dev/null'));
      } catch {
        // None left.
      }
    };
    const leave = (count) => {
      for (const file of files.splice(-count)) closeSync(file);
    };
    const list = () => createProjectStore({ root, cacheDir: '/dev/null/none' }).getAll();
    const count = async () => (await list()).filter(({ kind }) => kind === 'project').length;
    await count();
    take();
    leave(3);
    const few = await count();
    take();
    const { code, retryable, hint } = await list().catch((error) => error);
    leave(3);
    const again = await count();
    leave(files.length);
    const told = /too many files open/.exec(hint)?.[0];
    process.stdout.write(
      `${few} projects with 3 left\n${code} ${retryable ? 'retryable' : 'final'}: ${told}\n`,
    );
    process.stdout.write(`${again} projects with 3 left again\n`);
  },
  async relist() {
    for (let n = 0; n < Number(detail); n += 1) {
      const { indexed } = await createProjectStore({ root }).repair();
      if (indexed !== 40) throw new Error(`${indexed} projects`);
    }
  },
  async update() {
    for (let n = 0; n < Number(detail); n += 1) {
      await store.update(id, { description: `${process.pid} ${n}` });
    }
  },
  // Four concurrent writers, each of which increments the number in the tag.
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
  // Concurrent writers, each of which writes its texts in order and repeats those that may not have arrived.
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
  // Takes and releases a lock repeatedly, keeps it the last time, and records in a journal when it has it and when it releases it.
  async takeTurns() {
    const [path, journal, turns] = JSON.parse(detail);
    for (let n = 0; n <= turns; n += 1) {
      const { lock } = await acquireLock(path, { waitMs: 600_000, clock: Date.now });
      await appendFile(journal, `${process.pid} has it\n`);
      // Holds the lock long enough for another process that wrongly takes it to be noticed.
      for (let looks = 0; looks < 20; looks += 1) await readFile(journal, 'utf8');
      await appendFile(journal, `${process.pid} ${n < turns ? 'gives it back' : 'keeps it'}\n`);
      if (n < turns) await lock.release();
    }
    process.stdout.write('keeps it\n');
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
  async deleteUntilKilled() {
    dieAt(Number(detail));
    await store.delete(id);
  },
  /** Uses a project until killed, and prints what has been confirmed as stored. A pipe takes a line at once. */
  async live() {
    for (let n = 0; ; n += 1) {
      const { version } = await store.update(id, { description: `description ${n}` });
      process.stdout.write(`version ${version}\n`);
      await liveRun(n);
      const idea = `idea ${n} of ${process.pid}\n`.repeat(100);
      const extra = await store.create({ name: 'Extra', idea });
      process.stdout.write(`made ${extra.id} ${n} of ${process.pid}\n`);
      if (n % 4 === 3) continue;
      process.stdout.write(`deleting ${extra.id}\n`);
      await store.delete(extra.id, { permanent: n % 2 === 0 });
      process.stdout.write(`deleted ${extra.id}\n`);
    }
  },
};

/** Kills this process at a step: before a change of the disk, or half way through one that takes long. */
function dieAt(step) {
  const half = {
    async cp(from, to) {
      await mkdir(to);
      await copyFile(join(from, 'project.json'), join(to, 'project.json'));
    },
    rm: (path) => unlink(join(path, 'project.json')),
  };
  let reached = 0;
  const reach = async (work) => {
    reached += 1;
    if (reached !== step) return;
    await work?.();
    process.kill(process.pid, 'SIGKILL');
  };
  for (const name of ['cp', 'rename', 'rm', 'unlink']) {
    const change = fileSystem[name];
    fileSystem[name] = async (...given) => {
      await reach();
      if (half[name] !== undefined) await reach(() => half[name](...given));
      return change(...given);
    };
  }
  // What the package has imported by name is replaced as well.
  syncBuiltinESMExports();
}

async function liveRun(n) {
  const lock = await store.lockStage(id, stage).catch((error) => {
    if (error.code !== 'STORE_STAGE_BUSY') throw error;
  });
  if (lock === undefined) return;
  const partial = await store.openPartial(id, stage);
  for (let part = 0; part < 20; part += 1) partial.append(`part ${part}\n`);
  await partial.close();
  const text = `text ${n} of ${process.pid}\n`.repeat(200);
  const { revision } = await store.writeStage(id, stage, text, { identity: `${n} of ${process.pid}` });
  process.stdout.write(`revision ${revision}\n`);
  if (n % 3 === 0) await store.resetStage(id, stage);
  await lock.release();
}

process.stdout.write('ready\n');
await works[work]();
process.stdout.write('done\n');
