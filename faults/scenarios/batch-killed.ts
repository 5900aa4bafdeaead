import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { createHome } from '@ai-toolkit/processes/server';
import { commandAt } from '../support/command.ts';
import type { Scenario } from '../support/scenario.ts';
import { until } from '../support/together.ts';

interface Rows {
  readonly rows: readonly { readonly outcome: string }[];
}

export const scenario: Scenario = {
  promise:
    'A batch that is killed with -9 goes on where it stopped: no row is lost, and nothing that was answered is paid for twice.',
  test: 'apps/cli/test/batch.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['chunk-delay=4'] }));
    const home = scene.use(await createHome()).path;
    const command = commandAt(home, simulator.openaiBaseUrl);
    const projects = scene.times(4);
    const rows: object[] = [];
    for (let index = 0; index < projects; index++) {
      const { value } = await command.json<{ id: string }>(
        'init',
        '-n',
        `Tide ${index}`,
        '-d',
        `Clock ${index}`,
      );
      for (const stage of [1, 2, 3]) rows.push({ operation: 'run-stage', project_id: value.id, stage });
    }
    await writeFile(join(home, 'rows.json'), JSON.stringify(rows));
    const kills = scene.times(4);
    /** Model calls that have ended, completed or aborted. */
    const ended = (): number => {
      const { ok = 0, aborted = 0 } = simulator.stats().routes['chat.completions'] ?? {};
      return ok + aborted;
    };
    for (let kill = 0; kill < kills; kill++) {
      const wanted = ended() + random.between(0, 2);
      const { child, finish } = command.start('batch', '-f', 'rows.json');
      let over = false;
      const end = finish.then(() => {
        over = true;
      });
      await until(() => over || (ended() >= wanted && simulator.stats().inFlight > 0));
      child.kill('SIGKILL');
      await end;
    }
    await until(() => simulator.stats().inFlight === 0);
    const { code, value } = await command.json<Rows>('batch', '-f', 'rows.json');
    assert.equal(code, 0, JSON.stringify(value));
    assert.ok(value.rows.every(({ outcome }) => outcome === 'done' || outcome === 'known'));
    const { ok: answered = 0, aborted: cut = 0 } = simulator.stats().routes['chat.completions'] ?? {};
    // A kill may hit between the last byte of an answer and its storage.
    assert.ok(answered <= rows.length + kills, `${answered} answers`);
    return `${rows.length} rows, killed ${kills} times: all done; ${answered} answers paid in full, ${cut} cut short by a kill`;
  },
};
