import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import type { Table } from './suite.ts';

const ROUNDS = 9;

/** What a command is doing when it is interrupted, and the provider fault that brings it there. */
const phases: readonly (readonly [
  name: string,
  fault: string,
  isThere: (simulator: Simulator) => boolean,
])[] = [
  ['before the first byte', 'hang', (simulator) => simulator.stats().inFlight > 0],
  ['in the middle of an answer', 'hang-after=4', (simulator) => simulator.stats().inFlight > 0],
  [
    'waiting for its next attempt',
    'status=429; retry-after=30000; retry-after-style=ms',
    (simulator) => simulator.stats().requests > 0,
  ],
];

const commands: readonly (readonly string[])[] = [
  ['generate', 'Say something'],
  ['chat'],
  ['run', '-p', 'clock-1'],
  ['batch', '-f', 'rows.json'],
];

/** Time from SIGINT to the end of the process, for every command that calls a model. `home` has a project `clock-1`. */
export async function interruptTimes(command: string, home: string): Promise<Table> {
  const rows = [{ operation: 'run-stage', project_id: 'clock-1', stage: 1 }];
  await writeFile(join(home, 'rows.json'), JSON.stringify(rows));
  const table: (readonly string[])[] = [];
  for (const args of commands) {
    for (const [phase, fault, isThere] of phases) {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await using simulator = await createSimulator({ faults: [fault] });
        took.push(await interrupted([command, ...args], home, simulator, () => isThere(simulator)));
      }
      took.sort((a, b) => a - b);
      const [median = Number.NaN, slowest = Number.NaN] = [took[ROUNDS >> 1], took.at(-1)];
      table.push([`\`${args[0]}\``, phase, median.toFixed(1), slowest.toFixed(1), '≤ 200']);
    }
  }
  return {
    title: 'From Ctrl-C to the end of the process',
    columns: ['', 'interrupted', 'median, ms', 'slowest, ms', 'must hold'],
    rows: table,
  };
}

async function interrupted(
  args: readonly string[],
  home: string,
  simulator: Simulator,
  isThere: () => boolean,
): Promise<number> {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: home,
    env: {
      PATH: process.env.PATH,
      TMPDIR: tmpdir(),
      AI_TOOLKIT_HOME: home,
      AI_TOOLKIT_MODEL: 'm',
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
    },
  });
  const closed = once(child, 'close');
  child.stdin?.write('Say something\n');
  if (args[1] === 'generate') child.stdin?.end();
  while (!isThere()) await setTimeout(5);
  // The simulator is in that state; give the command time to get there as well.
  await setTimeout(100);
  const startedAt = performance.now();
  child.kill('SIGINT');
  const [status] = (await closed) as [number | null];
  const tookMs = performance.now() - startedAt;
  if (status !== 130) throw new Error(`${args.join(' ')} ended with ${String(status)}.`);
  return tookMs;
}
