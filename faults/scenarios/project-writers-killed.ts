import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createHome } from '@ai-toolkit/processes/server';
import { createProjectStore } from '@ai-toolkit/project-store';
import type { Scenario } from '../support/scenario.ts';

const program = fileURLToPath(new URL('../support/project-writer.ts', import.meta.url));
const stage = { number: 1, slug: 'initial-plan' };

/** Kills a writer once it has confirmed `killAfter` texts, and returns the number of texts confirmed. */
async function writeAndDie(child: ChildProcess, killAfter: number): Promise<number> {
  const exited = once(child, 'exit');
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split('\n').length > killAfter) child.kill('SIGKILL');
  });
  await exited;
  return said.split('\n').slice(0, -1).length;
}

export const scenario: Scenario = {
  promise:
    'Two writers of one project that are killed with -9 leave a project that is whole, with every text that was confirmed in its history.',
  test: 'packages/project-store/test/processes/kill.test.ts',
  async run(scene) {
    const { random } = scene;
    const root = scene.use(await createHome()).path;
    const store = createProjectStore({ root });
    const { id } = await store.create({ name: 'Tide', description: 'A clock' });
    const rounds = scene.times(20);
    const confirmed = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      const names = [`A${round}`, `B${round}`];
      const died = names.map((name) => {
        const child = spawn(process.execPath, [program, root, id, name], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        return writeAndDie(child, random.between(3, 12));
      });
      for (const [index, count] of (await Promise.all(died)).entries())
        confirmed.set(names[index] ?? '', count);
    }
    const report = await store.repair({ dryRun: true });
    assert.deepEqual(report.damaged, []);
    const revisions = await store.listRevisions(id, stage);
    const texts = new Set<string>();
    for (const { revision } of revisions) {
      const text = (await store.readRevision(id, stage, revision)).text;
      const [, name, count] = /^# (\w+) (\d+)\n/.exec(text) ?? [];
      assert.ok(text.includes(`Text ${count} of ${name}. \n`), `revision ${revision} is not whole`);
      texts.add(`${name} ${count}`);
    }
    let total = 0;
    for (const [name, count] of confirmed) {
      for (let number = 1; number <= count; number++)
        assert.ok(texts.has(`${name} ${number}`), `${name} ${number}`);
      total += count;
    }
    await store.close();
    return `${rounds * 2} writers killed: ${total} of ${total} confirmed texts in the history of ${revisions.length}, 0 damaged`;
  },
};
