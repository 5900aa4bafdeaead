import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProjectStore } from '@ai-toolkit/project-store';
import type { Suite, Table } from '../support/suite.ts';

const command: string = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const ROUNDS = 41;
const PROJECTS = 100;
const PROMPT = 'Why do tides come twice a day?';

/** What is started, and how much longer than bare Node it may take, ms. */
interface Start {
  readonly name: string;
  readonly args: readonly string[];
  readonly boundMs?: number;
}

const starts: readonly Start[] = [
  { name: 'bare Node: `node -e 0`', args: ['-e', '0'] },
  { name: '`ai-toolkit --version`', args: [command, '--version'], boundMs: 15 },
  { name: '`ai-toolkit --help`', args: [command, '--help'], boundMs: 15 },
  { name: `\`ai-toolkit list\`, ${PROJECTS} projects`, args: [command, 'list'], boundMs: 60 },
  { name: '`ai-toolkit generate`, a cached prompt', args: [command, 'generate', PROMPT], boundMs: 80 },
  { name: '`ai-toolkit config get server.port`', args: [command, 'config', 'get', 'server.port'] },
];

/** From the start of a process to its end, ms. */
function timed(args: readonly string[], home: string): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: home,
    // No key, so that the built-in simulator has answered; and no Ollama, which would be another provider.
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), AI_TOOLKIT_HOME: home, OLLAMA_HOST: '127.0.0.1:9' },
  });
  const tookMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${stderr.toString()}`);
  return tookMs;
}

async function makeProjects(home: string): Promise<void> {
  await using store = createProjectStore({ root: join(home, 'projects') });
  for (let index = 0; index < PROJECTS; index += 1)
    await store.create({ name: `Clock ${index}`, description: 'A clock. '.repeat(12), tags: ['home'] });
}

/** The value below which a share of the samples lies. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

async function measure(home: string): Promise<Table> {
  await makeProjects(home);
  const samples = starts.map((): number[] => []);
  // The first round makes the index of projects, the stored answer and Node's cache of compiled code; it does not count.
  for (const { args } of starts) timed(args, home);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { args }] of starts.entries()) samples[index]?.push(timed(args, home));
  }
  const [bare = []] = samples;
  return {
    title: 'A new process from start to end',
    columns: ['', 'median ms', 'beside bare Node', 'a tenth is quicker than', 'must hold'],
    rows: starts.map(({ name, boundMs }, index) => {
      const own = samples[index] ?? [];
      return [
        name,
        quantile(own, 0.5).toFixed(1),
        `+ ${(quantile(own, 0.5) - quantile(bare, 0.5)).toFixed(1)}`,
        quantile(own, 0.1).toFixed(1),
        boundMs === undefined ? '' : `≤ + ${boundMs} ms`,
      ];
    }),
  };
}

export const suite: Suite = {
  title: 'The start of the command',
  method:
    `Medians of ${ROUNDS} rounds in which everything takes its turn, each in a process of its own, by the clock of who started it and to the very end of the process: a cached answer is printed some ` +
    'milliseconds before that, and its row in the ledger is on disk at the end. Bare Node is the same Node. Of the bounds, only those to bare Node in the same run count.',
  async run() {
    const home = await mkdtemp(join(tmpdir(), 'cli-start-'));
    try {
      return [await measure(home)];
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};
