import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSimulator, type Simulator, type SimulatorStats } from '@ai-toolkit/llm-simulator';
import { createProjectStore } from '@ai-toolkit/project-store';
import type { PlannerJob } from '../support/planner-process.ts';
import type { Suite } from '../support/suite.ts';

const TOKENS_PER_SECOND = 300;
const text = { name: 'Tide Clock', description: 'A wall clock that shows the tide' };
const script = new URL('../support/planner-process.ts', import.meta.url);

export const suite: Suite = {
  title: 'Planner',
  method: `The six stages against the simulator over HTTP, at ${TOKENS_PER_SECOND} tokens a second for each answer. Every row is a separate process, with the response cache on disk. "Asked" are requests that reached the simulator, "answered" those it answered completely, "repeated" those whose prompt it had already answered completely. The killed process gets SIGKILL as soon as text of both stages 3 and 5 has arrived. Seconds are from the start of the process to its end.`,
  async run() {
    const root = await mkdtemp(join(tmpdir(), 'planner-bench-'));
    try {
      const columns = ['run', 'asked', 'answered', 'repeated', 'most in flight', 'tokens billed', 'seconds'];
      return [{ title: 'Six stages', columns, rows: await measure(root) }];
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
};

async function measure(root: string): Promise<string[][]> {
  const store = createProjectStore({ root });
  const projects = [await store.create(text), await store.create(text), await store.create(text)];
  const [alone = '', killed = '', twin = ''] = projects.map(({ id }) => id);
  return [
    // With its own, fresh cache and simulator.
    ...(await rowsOf(root, [['one stage at a time', alone, 1, ended]])),
    ...(await rowsOf(root, [
      ['two at a time, killed in the middle', killed, 2, killedAmid],
      ['run again', killed, 2, ended],
      ['run a third time', killed, 2, ended],
      ['a second project that says the same', twin, 2, ended],
    ])),
  ];
}

type End = (child: ChildProcess) => Promise<void>;

async function rowsOf(
  root: string,
  runs: readonly (readonly [name: string, project: string, concurrency: number, end: End])[],
): Promise<string[][]> {
  await using simulator = await createSimulator({
    tokensPerSecond: TOKENS_PER_SECOND,
    rememberRequests: 1000,
  });
  const cache = await mkdtemp(join(root, '.cache-'));
  const rows: string[][] = [];
  for (const [name, project, concurrency, end] of runs) {
    const job = { root, cache, url: simulator.openaiBaseUrl, project, concurrency };
    rows.push([name, ...(await observe(simulator, job, end))]);
  }
  return rows;
}

async function observe(simulator: Simulator, job: PlannerJob, end: End): Promise<string[]> {
  const before = simulator.stats();
  const earlier = simulator.requests();
  const startedOn = performance.now();
  const child = fork(script, [JSON.stringify(job)]);
  await end(child);
  const seconds = (performance.now() - startedOn) / 1000;
  while (simulator.stats().inFlight > 0) await nextTurn();
  const after = simulator.stats();
  const asked = simulator.requests().slice(earlier.length);
  const seen = new Set(earlier.map(promptOf));
  // Requests that were cut off have to be repeated; any beyond those are avoidable repetitions.
  const cutOff = earlier.length - answered(before);
  const again = asked.filter((request) => seen.has(promptOf(request))).length;
  return [
    String(asked.length),
    String(answered(after) - answered(before)),
    String(Math.max(0, again - cutOff)),
    String(asked.length === 0 ? 0 : after.maxInFlight),
    String(billed(after) - billed(before)),
    seconds.toFixed(1),
  ];
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The planner ended with ${code}`);
}

async function killedAmid(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  const heard = new Set<unknown>();
  child.on('message', (stage) => {
    heard.add(stage);
    if (heard.has(3) && heard.has(5)) child.kill('SIGKILL');
  });
  await exit;
  if (!heard.has(3) || !heard.has(5)) throw new Error('The planner ended before it could be killed');
}

function answered({ routes }: SimulatorStats): number {
  return routes['chat.completions']?.ok ?? 0;
}

function billed({ tokens }: SimulatorStats): number {
  return tokens.input + tokens.output;
}

function promptOf({ body }: { readonly body: unknown }): string {
  return JSON.stringify(body);
}
