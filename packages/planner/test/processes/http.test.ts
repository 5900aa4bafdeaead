import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import type { Project } from '@ai-toolkit/project-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Setup, setUp } from '../setup.js';
import { type Child, spawnChild } from './spawn-child.js';

const script = new URL('http-child.mjs', import.meta.url);

/** More of them are for whoever doubts. */
const rounds = Number(process.env.PLANNER_KILL_ROUNDS ?? 3);

/** A busy machine may take long for what is done at once on an idle one. */
const patience = { timeout: 30_000 };

interface Stage extends Setup {
  readonly simulator: Simulator;
  run(project: Project): Child;
}

async function setStage(): Promise<Stage> {
  const setup = await setUp();
  const simulator = await createSimulator({ rememberRequests: 1000 });
  onTestFinished(() => simulator.close());
  const cache = join(setup.root, '.cache');
  const run = ({ id }: Project): Child => spawnChild(script, setup.root, cache, simulator.openaiBaseUrl, id);
  return { ...setup, simulator, run };
}

/** How often each prompt reached the provider. */
function asked({ simulator }: Stage): Map<string, number> {
  const times = new Map<string, number>();
  for (const { body } of simulator.requests()) {
    const prompt = JSON.stringify(body);
    times.set(prompt, (times.get(prompt) ?? 0) + 1);
  }
  return times;
}

function answered({ simulator }: Stage): number {
  return simulator.stats().routes['chat.completions']?.ok ?? 0;
}

async function idle({ simulator }: Stage): Promise<void> {
  await expect.poll(() => simulator.stats().inFlight, patience).toBe(0);
}

describe('six stages over HTTP, in processes that are killed', () => {
  it('repeat no call that was answered, and make none for a second project that says the same', async () => {
    const stage = await setStage();
    const { simulator, project, planner, store } = stage;
    // Slow enough for both of the stages that need only the second to be in the middle.
    simulator.setFaults('chunk-delay=3');
    const killed = stage.run(project);
    await Promise.all([killed.said('hears 3'), killed.said('hears 5')]);
    // What was said reaches the disk a moment later than its reader.
    for (const { id, slug } of planner.stages.filter((one) => one.id === 3 || one.id === 5)) {
      await expect
        .poll(() => store.readPartial(project.id, { number: id, slug }), patience)
        .toMatch(/Simulated/u);
    }
    await killed.kill();
    await idle(stage);
    expect(killed.lines()).toEqual(expect.arrayContaining(['done 1 miss', 'done 2 miss']));
    expect(simulator.stats()).toMatchObject({ maxInFlight: 2, abortedStreams: 2 });
    expect((await planner.status(project.id)).stages.map(({ status }) => status)).toEqual([
      'done',
      'done',
      'partial',
      'not-started',
      'partial',
      'not-started',
    ]);
    simulator.clearFaults();
    const rerun = stage.run(project);
    await rerun.said('finished');
    await rerun.ended();
    // Each was answered once; the two that were cut off were asked twice.
    expect(answered(stage)).toBe(6);
    expect([...asked(stage).values()].sort()).toEqual([1, 1, 1, 1, 2, 2]);
    expect(rerun.lines().filter((line) => line.startsWith('done'))).toHaveLength(4);

    const twin = await store.create({ name: project.name, description: project.description });
    for (const again of [project, twin]) {
      const child = stage.run(again);
      await child.said('finished');
      await child.ended();
    }
    expect(simulator.stats().requests).toBe(8);
    for (const { id, slug } of planner.stages) {
      const documents = await Promise.all(
        [project, twin].map((one) => store.readStage(one.id, { number: id, slug })),
      );
      expect(documents[1]?.contentHash).toBe(documents[0]?.contentHash);
    }
  });

  it('may be killed at any moment: what was done stays done', {
    timeout: 60_000 + rounds * 10_000,
  }, async () => {
    const stage = await setStage();
    const { simulator, project, planner, store } = stage;
    simulator.setFaults('chunk-delay=1');
    const done = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const child = stage.run(project);
      await child.said('ready');
      // The moment is what is random here; nothing is awaited by it.
      await sleep(randomInt(1_500));
      await child.kill();
      await idle(stage);
      for (const line of child.lines().filter((said) => said.startsWith('done'))) {
        const [, number = ''] = line.split(' ');
        expect(done).not.toContain(number);
        done.add(number);
      }
      for (const { id, slug } of planner.stages) {
        const document = await store.readStage(project.id, { number: id, slug });
        if (done.has(String(id))) expect(document).toMatchObject({ edited: false });
      }
    }
    const before = asked(stage);
    const last = stage.run(project);
    await last.said('finished');
    await last.ended();
    expect((await planner.status(project.id)).stages.map(({ status }) => status)).toEqual(
      Array(6).fill('done'),
    );
    // No prompt beside the six was ever asked, and what was done when the last run began was not asked by it.
    expect(asked(stage).size).toBe(6);
    const repeated = [...asked(stage)].filter(([prompt, times]) => times > (before.get(prompt) ?? 0));
    expect(repeated.length).toBeLessThanOrEqual(6 - done.size);
  });
});
