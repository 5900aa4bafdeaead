// A second process for the tests: `node child.mjs ROOT WORK ID COUNT`. Says `ready` when it is, `done` at the end.
import process from 'node:process';
import { createProjectStore } from '../../dist/index.js';

const [, , root, work, id, count] = process.argv;
const store = createProjectStore({ root, lockWaitMs: 60_000 });
const stage = { number: 1, slug: 'initial-plan' };

const works = {
  async update() {
    for (let n = 0; n < Number(count); n += 1) {
      await store.update(id, { description: `${process.pid} ${n}` });
    }
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
    await store.lockStage(id, stage);
    const partial = await store.openPartial(id, stage);
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
