import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { createHome } from '@ai-toolkit/processes/server';
import { ask, assertAllWhole } from '../support/ask.ts';
import { cutOff, spoil } from '../support/damage.ts';
import { startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together } from '../support/together.ts';

/** The largest file of the disk tier: the data. */
async function dataFile(home: string): Promise<{ path: string; size: number }> {
  const folder = join(home, 'cache', 'answers');
  const files = (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
  const sizes = await Promise.all(
    files.map(async (path) => ({ path, size: (await stat(path)).size, isFile: (await stat(path)).isFile() })),
  );
  const [largest] = sizes
    .filter(({ isFile, path }) => isFile && !path.includes('.damaged-'))
    .toSorted((a, b) => b.size - a.size);
  if (largest === undefined) throw new Error(`${folder} has no file`);
  return largest;
}

export const scenario: Scenario = {
  promise:
    'A cache file that is spoiled or cut off after its server was stopped or killed is noticed: the next one starts, no call fails, and no answer is wrong.',
  test: 'packages/core-cache/test/disk/damage.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const home = scene.use(await createHome()).path;
    const questions = 60;
    const prompt = (index: number): string =>
      `Question ${index} [simulator-answer: tokens=${200 + index * 20}]`;
    const words: string[] = [];
    let hits = 0;
    const rounds = scene.times(20);
    for (let round = 0; round <= rounds; round++) {
      const gateway = await startGateway(scene, simulator, { home });
      const seen = await together(questions, 8, (index) => ask(gateway.url, { prompt: prompt(index) }));
      assertAllWhole(seen);
      for (const [index, { words: said }] of seen.entries()) {
        words[index] ??= said;
        assert.equal(said, words[index], `round ${round}, question ${index}`);
      }
      if (round > 0) hits += seen.filter(({ cache }) => cache === 'HIT').length;
      // The next start checks every page if the file was not closed properly, or has changed since it was closed.
      await gateway.end(round % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
      const { path, size } = await dataFile(home);
      if (random.chance(0.25)) await cutOff(path, size, random);
      else await spoil(path, random.between(1, 64), random, random.chance(0.25));
    }
    return `damaged ${rounds} times: ${rounds * questions} answers, 0 wrong, ${hits} of them still hits`;
  },
};
