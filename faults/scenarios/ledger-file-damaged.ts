import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { createHome } from '@ai-toolkit/processes/server';
import { ask } from '../support/ask.ts';
import { cutOff, spoil } from '../support/damage.ts';
import { startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together } from '../support/together.ts';

export const scenario: Scenario = {
  promise:
    'A ledger that was spoiled or cut off stops no call and no start: what cannot be read is set aside, kept, and counting goes on.',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const home = scene.use(await createHome()).path;
    const path = join(home, 'usage', 'ledger.sqlite');
    const rounds = scene.times(20);
    const calls = 40;
    for (let round = 0; round <= rounds; round++) {
      const gateway = await startGateway(scene, simulator, { home });
      const seen = await together(calls, 8, (index) =>
        ask(gateway.url, { prompt: `Round ${round}, question ${index}` }),
      );
      assert.ok(seen.every(({ whole }) => whole));
      const usage = await fetch(`${gateway.url}/api/usage?by=model&since=1h`);
      assert.equal(usage.status, 200, await usage.text());
      const listed = (await (await fetch(`${gateway.url}/api/usage/calls?limit=${calls}`)).json()) as {
        calls: readonly unknown[];
      };
      assert.equal(listed.calls.length, calls, `round ${round}: what was called just now is listed`);
      assert.equal(await gateway.end('SIGTERM'), 0);
      const { size } = await stat(path);
      if (random.chance(0.25)) await cutOff(path, size, random);
      else await spoil(path, random.between(1, 64), random, random.chance(0.5));
    }
    const kept = (await readdir(join(home, 'usage'))).filter((name) => name.includes('damaged')).length;
    return `damaged ${rounds} times: ${(rounds + 1) * calls} calls answered and listed, ${kept} files set aside at the end`;
  },
};
