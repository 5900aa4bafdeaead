import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { startGateway } from '../support/gateway.ts';
import { hasProc } from '../support/processes.ts';
import type { Scenario } from '../support/scenario.ts';
import { together, until } from '../support/together.ts';

/** The child processes of a process. */
function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['--ppid', String(pid), '-o', 'pid='], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number);
}

export const scenario: Scenario = {
  promise:
    'A worker that is killed takes its own open requests alone; the others go on, and another worker takes its place.',
  test: 'apps/server/test/workers.test.ts',
  unavailable: () => (hasProc ? undefined : 'processes are found by the ps of Linux'),
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['delay=10'] }));
    const workers = 3;
    const gateway = await startGateway(scene, simulator, {
      environment: { AI_TOOLKIT_WORKERS: String(workers) },
    });
    const kills = scene.times(4);
    const calls = 300;
    let broken = 0;
    for (let kill = 0; kill < kills; kill++) {
      await until(() => childrenOf(gateway.pid).length === workers);
      const killAt = random.between(50, 200);
      const seen = await together(calls, 12, (index) => {
        if (index === killAt)
          process.kill(childrenOf(gateway.pid)[random.between(0, workers - 1)] ?? 0, 'SIGKILL');
        return ask(gateway.url, { prompt: `Kill ${kill}, question ${index}` });
      });
      const lost = seen.filter(({ whole }) => !whole);
      for (const { status, raw } of lost) assert.equal(status, 0, raw);
      // At most the calls in flight, one per caller.
      assert.ok(lost.length <= 12, `${lost.length} calls broke`);
      broken += lost.length;
    }
    await until(() => childrenOf(gateway.pid).length === workers);
    return `a worker of ${workers} killed ${kills} times under 12 callers: ${kills * calls - broken} of ${kills * calls} calls answered, ${broken} broke; ${workers} workers at the end`;
  },
};
