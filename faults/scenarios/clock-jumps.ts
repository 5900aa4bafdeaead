import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { createHome } from '@ai-toolkit/processes/server';
import { ask, assertAllWhole } from '../support/ask.ts';
import { callsInLedger, slotsInUse, startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together, until } from '../support/together.ts';

const dayMs = 86_400_000;
const preload = fileURLToPath(new URL('../support/moved-clock.mjs', import.meta.url));

export const scenario: Scenario = {
  promise:
    'A clock that jumps by a day, forward or back, loses no call, serves no wrong answer and blocks no limit; answers whose time is over by the new clock are asked for anew.',
  test: 'packages/core-cache/test/moments.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(
      await createSimulator({ limits: { requestsPerMinute: 60_000, tokensPerMinute: 100_000_000 } }),
    );
    const home = scene.use(await createHome()).path;
    const clock = join(home, 'clock');
    const environment = { NODE_OPTIONS: `--import ${preload}`, MOVED_CLOCK_FILE: clock };
    const gateway = await startGateway(scene, simulator, { home, environment });
    let sent = 0;
    const asks = async (name: string, count: number): Promise<string> => {
      const seen = await together(count, 8, (index) => {
        sent += 1;
        return ask(gateway.url, { prompt: `${name} ${index}`, stream: random.chance(0.5) });
      });
      assertAllWhole(seen);
      return seen.every(({ cache }) => cache === seen[0]?.cache) ? String(seen[0]?.cache) : 'MIXED';
    };
    const set = async (aheadMs: number): Promise<void> => {
      await writeFile(clock, String(aheadMs));
      process.kill(gateway.pid, 'SIGUSR2');
      await until(async () => (await readFile(`${clock}.set`, 'utf8').catch(() => '')) === String(aheadMs));
    };
    const count = scene.times(200);
    assert.equal(await asks('Known', count), 'MISS');
    const jumps = [dayMs, -dayMs, dayMs * random.between(2, 20), 0];
    for (const [index, aheadMs] of jumps.entries()) {
      await set(aheadMs);
      assert.equal(await asks('Known', count), 'HIT', `after a jump to ${aheadMs} ms`);
      assert.equal(await asks(`New ${index}`, count), 'MISS');
    }
    // An answer lives for 30 days.
    await set(31 * dayMs);
    assert.equal(await asks('Known', count), 'MISS');
    assert.equal(await slotsInUse(gateway), 0);
    assert.equal(await callsInLedger(gateway), sent);
    return `${jumps.length + 1} jumps, ${sent} calls: ${sent} answers, all hits and misses as they should be, ${sent} calls in the ledger`;
  },
};
