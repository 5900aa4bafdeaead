import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask, assertAllWhole } from '../support/ask.ts';
import { callsInLedger, startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { mountSmallDisk, noSmallDisk } from '../support/small-disk.ts';
import { pause, together, until } from '../support/together.ts';

/** A memory tier too small for most answers, so that hits come from the disk. */
const config = '[cache]\nmemoryBytes = 100000\n';

export const scenario: Scenario = {
  promise:
    'A full disk costs what would have been stored, and no call; answers are stored again once there is room, without a restart.',
  test: 'packages/core-cache/test/disk/full-disk.test.ts',
  unavailable: noSmallDisk,
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const disk = scene.use(await mountSmallDisk(48 * 1024 * 1024));
    const gateway = await startGateway(scene, simulator, { home: disk.path, config });
    const size = (): string => `[simulator-answer: tokens=${random.between(1000, 20_000)}]`;
    const before = scene.times(40);
    await together(before, 8, (index) => ask(gateway.url, { prompt: `Before ${index} ${size()}` }));
    await disk.fill();
    const calls = scene.times(400);
    const seen = await together(calls, 8, (index) =>
      ask(gateway.url, { prompt: `Full ${index} ${size()}`, stream: random.chance(0.5) }),
    );
    assertAllWhole(seen);
    await disk.free();
    let tries = 0;
    await until(async () => {
      // After failures, the disk tier is retried at growing intervals, up to a minute.
      await pause(500);
      tries += 1;
      const prompt = `Room again ${tries} [simulator-answer: tokens=30000]`;
      await ask(gateway.url, { prompt });
      return (
        (await ask(gateway.url, { prompt, headers: { 'cache-control': 'only-if-cached' } })).cache === 'HIT'
      );
    });
    const sent = before + calls + 2 * tries;
    await until(async () => (await callsInLedger(gateway)) === sent);
    return `${calls} calls on a full disk: ${calls} whole answers; stored again at the try number ${tries} of one each half second; the ledger has all ${sent} calls`;
  },
};
