import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProjectStore } from '@ai-toolkit/project-store';
import { interruptTimes } from '../support/interrupt-times.ts';
import type { Suite, Table } from '../support/suite.ts';

const command: string = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const ROUNDS = 41;
const PROJECTS = 100;
const PROMPT = 'Why do tides come twice a day?';

/** A command, and how much longer than bare Node it may take, ms. */
interface Start {
  readonly name: string;
  readonly args: readonly string[];
  readonly boundMs?: number;
  /** What the bound applies to. Default: `ends`. */
  readonly bounds?: 'ends' | 'prints';
}

const starts: readonly Start[] = [
  { name: 'bare Node: `node -e 0`', args: ['-e', '0'] },
  { name: '`ai-toolkit --version`', args: [command, '--version'], boundMs: 15 },
  { name: '`ai-toolkit --help`', args: [command, '--help'], boundMs: 15 },
  { name: `\`ai-toolkit list\`, ${PROJECTS} projects`, args: [command, 'list'], boundMs: 60 },
  {
    name: '`ai-toolkit generate`, a cached prompt',
    args: [command, 'generate', PROMPT],
    boundMs: 80,
    bounds: 'prints',
  },
  { name: '`ai-toolkit config get server.port`', args: [command, 'config', 'get', 'server.port'] },
];

/** Times since the start of a process, ms. */
interface Times {
  /** Until its first output. */
  readonly printedMs?: number;
  /** Until the process has ended. */
  readonly endedMs: number;
}

async function timed(args: readonly string[], home: string): Promise<Times> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: home,
    // Without an API key, the built-in simulator answers. The Ollama address is dead, lest Ollama become the provider.
    env: { PATH: process.env.PATH, TMPDIR: tmpdir(), AI_TOOLKIT_HOME: home, OLLAMA_HOST: '127.0.0.1:9' },
  });
  let printedMs: number | undefined;
  child.stdout.on('data', () => {
    printedMs ??= performance.now() - startedAt;
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const endedMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}: ${said}`);
  return { endedMs, ...(printedMs === undefined ? {} : { printedMs }) };
}

async function makeProjects(home: string): Promise<void> {
  await using store = createProjectStore({ root: join(home, 'projects') });
  for (let index = 0; index < PROJECTS; index += 1)
    await store.create({ name: `Clock ${index}`, description: 'A clock. '.repeat(12), tags: ['home'] });
}

/** The value below which `share` (0 to 1) of the samples lie. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

async function measure(home: string): Promise<Table> {
  await makeProjects(home);
  const samples = starts.map((): Times[] => []);
  // A warm-up round creates the project index, the stored answer and Node's compile cache.
  for (const { args } of starts) await timed(args, home);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { args }] of starts.entries()) samples[index]?.push(await timed(args, home));
  }
  const bareMs = quantile(samples[0]?.map(({ endedMs }) => endedMs) ?? [], 0.5);
  return {
    title: 'A new process',
    columns: ['', 'ends after, ms', 'beside bare Node', 'prints', 'a tenth ends before, ms', 'must hold'],
    rows: starts.map(({ name, boundMs, bounds }, index) => {
      const own = samples[index] ?? [];
      const ended = own.map(({ endedMs }) => endedMs);
      const printed = own.flatMap(({ printedMs }) => (printedMs === undefined ? [] : [printedMs]));
      return [
        name,
        quantile(ended, 0.5).toFixed(1),
        `+ ${(quantile(ended, 0.5) - bareMs).toFixed(1)}`,
        printed.length === 0 ? '' : `+ ${(quantile(printed, 0.5) - bareMs).toFixed(1)}`,
        quantile(ended, 0.1).toFixed(1),
        boundMs === undefined ? '' : `${bounds ?? 'ends'} ≤ + ${boundMs}`,
      ];
    }),
  };
}

export const suite: Suite = {
  title: 'The start of the command',
  method:
    `Medians of ${ROUNDS} rounds in which all subjects take turns, each in its own process, timed by its parent: until its first output, and until the end of the process, ` +
    'which is later, since the ledger row of an answer is on disk by then. Everything is compared to the end of bare Node, the same Node; bounds are relative to it in the same run. Ctrl-C: a SIGINT, nine times in each state, with a provider that misbehaves.',
  async run() {
    const home = await mkdtemp(join(tmpdir(), 'cli-start-'));
    try {
      return [await measure(home), await interruptTimes(command, home)];
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};
