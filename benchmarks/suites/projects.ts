import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createProjectStore } from '@ai-toolkit/project-store';
import type { Suite, Table } from '../support/suite.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../support/list-projects.mjs', import.meta.url));
const ROUNDS = 7;
const MANY = 10_000;
const cli: string = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const FEW = 100;

/** Times of one process or one call, ms. */
interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface Listed {
  readonly first: Sample;
  readonly later: readonly Sample[];
  /** From the start of the process to its end. */
  readonly whole: Sample;
}

/**
 * Creates projects of 24 KB in 16 files each, as a store would. Written directly, since a store flushes every file, with the metadata of a
 * model project that a store has created.
 */
async function makeProjects(root: string, count: number): Promise<void> {
  const model = join(root, '..', 'model');
  await using store = createProjectStore({ root: model });
  const { id } = await store.create({ name: 'Model', description: 'A clock. '.repeat(12), tags: ['home'] });
  for (let number = 1; number <= 6; number += 1) {
    await store.writeStage(id, { number, slug: `stage-${number}` }, 'words ', { identity: 'x'.repeat(64) });
  }
  const { path: _path, ...facts } = await store.get(id);
  for (let index = 0; index < count; index += 1) {
    const name = `Clock ${index}`;
    const path = join(root, `clock-${index}`);
    mkdirSync(join(path, 'stages'), { recursive: true });
    mkdirSync(join(path, '.ai-toolkit'));
    const times = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-02-01T00:00:00.000Z' };
    const stages = Object.entries(facts.stages).map(
      ([number, { finishedAt: _at, error: _error, ...state }]) => [
        number,
        { ...state, finishedAt: times.updatedAt },
      ],
    );
    const project = { schemaVersion: 1, ...facts, ...times, id: `clock-${index}-7f3k2m`, name };
    const text = JSON.stringify({ ...project, stages: Object.fromEntries(stages) }, null, 2);
    writeFileSync(join(path, 'project.json'), `${text}\n`);
    writeFileSync(join(path, 'idea.md'), 'An idea. '.repeat(60));
    writeFileSync(join(path, '.ai-toolkit', '.gitignore'), '*\n');
    for (let number = 1; number <= 6; number += 1) {
      const revisions = join(path, 'revisions', `${number}-stage-${number}`);
      mkdirSync(revisions, { recursive: true });
      writeFileSync(join(path, 'stages', `${number}-stage-${number}.md`), 'words '.repeat(290));
      writeFileSync(join(revisions, '0001.md'), 'words '.repeat(330));
    }
  }
}

/** Runs a command, with its CPU time, including that of its children, as reported by the shell. */
async function timed(command: string, args: readonly string[]): Promise<{ sample: Sample; stdout: string }> {
  const startedAt = performance.now();
  const shell = 'TIMEFORMAT="%U %S"; time "$0" "$@"';
  const { stdout, stderr } = await run('bash', ['-c', shell, command, ...args], { maxBuffer: 2 ** 28 });
  const wallMs = performance.now() - startedAt;
  const [user = Number.NaN, system = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { sample: { wallMs, cpuMs: (user + system) * 1000 }, stdout };
}

async function list(
  work: 'again' | 'first' | 'floor' | 'once',
  root: string,
  cache: string,
): Promise<Listed> {
  const { sample, stdout } = await timed(process.execPath, [script, work, root, cache]);
  return { ...(JSON.parse(stdout) as Omit<Listed, 'whole'>), whole: sample };
}

async function gitStatus(root: string): Promise<Sample> {
  return (await timed('git', ['-C', root, 'status', '--porcelain'])).sample;
}

async function commit(root: string): Promise<void> {
  const git = (...args: string[]): Promise<unknown> =>
    run('git', ['-C', root, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], {
      maxBuffer: 2 ** 28,
    });
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'projects');
}

function median(samples: readonly Sample[]): Sample {
  const middle = (values: number[]): number =>
    values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  return {
    wallMs: middle(samples.map(({ wallMs }) => wallMs)),
    cpuMs: middle(samples.map(({ cpuMs }) => cpuMs)),
  };
}

function row(name: string, samples: readonly Sample[], floor: Sample, bound: string): string[] {
  const { wallMs, cpuMs } = median(samples);
  const ratio = (wallMs / floor.wallMs).toFixed(2);
  return [name, wallMs.toFixed(1), cpuMs.toFixed(1), ratio, (cpuMs / floor.cpuMs).toFixed(2), bound];
}

const columns = ['', 'wall ms', 'CPU ms', 'wall ratio', 'CPU ratio', 'must hold'];

/** Subjects take turns, so that the drift of a shared machine affects all alike. */
async function manyTables(directory: string): Promise<Table[]> {
  const root = join(directory, 'many');
  await makeProjects(root, MANY);
  await commit(root);
  const floor: Sample[] = [];
  const cold: Sample[] = [];
  const status: Sample[] = [];
  const warm: Sample[] = [];
  const once: Sample[] = [];
  const second: Sample[] = [];
  const again: Sample[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const cache = join(directory, `cache-${round}`);
    floor.push((await list('floor', root, cache)).first);
    const first = await list('again', root, cache);
    cold.push(first.first);
    second.push(...first.later.slice(0, 1));
    again.push(...first.later.slice(1));
    status.push(await gitStatus(root));
    warm.push((await list('first', root, cache)).whole);
    once.push((await list('once', root, cache)).whole);
  }
  const read = median(floor);
  const git = median(status);
  return [
    {
      title: `${MANY} projects, first list of a process without an index`,
      columns,
      rows: [
        row('read and parse the same files, 32 in flight', floor, read, 'the floor'),
        row('`getAll`', cold, read, 'wall ratio ≤ 1.3'),
        row('again at once, which has the folders watched', second, read, ''),
        row('again from then on', again, read, '≤ 5 ms'),
      ],
    },
    {
      title: `${MANY} projects, a new process from start to end, with an index`,
      columns,
      rows: [
        row('`git status`', status, git, 'the floor'),
        row('`getAll`', warm, git, 'wall ratio ≤ 1'),
        row('`getAll` of a process that lists once (`listTtlMs: 0`)', once, git, 'wall ratio ≤ 1'),
      ],
    },
  ];
}

async function fewTable(directory: string): Promise<Table> {
  const home = join(directory, 'home');
  const root = join(home, 'projects');
  const cache = join(directory, 'cache-few');
  await makeProjects(root, FEW);
  await list('once', root, cache);
  const bare: Sample[] = [];
  const command: Sample[] = [];
  const once: Sample[] = [];
  const inside: Sample[] = [];
  const inHome = (...args: string[]): Promise<{ sample: Sample }> =>
    timed('env', [`AI_TOOLKIT_HOME=${home}`, process.execPath, ...args]);
  await inHome(cli, 'list');
  for (let round = 0; round < ROUNDS * 3; round += 1) {
    bare.push((await inHome('--eval', '0')).sample);
    command.push((await inHome(cli, 'list')).sample);
    const listed = await list('once', root, cache);
    once.push(listed.whole);
    inside.push(listed.first);
  }
  const floor = median(bare);
  return {
    title: `${FEW} projects, a new process from start to end`,
    columns,
    rows: [
      row('bare Node', bare, floor, 'the floor'),
      row('the command: `ai-toolkit list`', command, floor, 'wall ≤ floor + 60 ms'),
      row('the store loaded by itself, not bundled, and `getAll`', once, floor, ''),
      row('of that, the list itself', inside, floor, ''),
    ],
  };
}

export const suite: Suite = {
  title: 'Lists of projects',
  method:
    `Projects of 24 KB in 16 files each, on the disk of this machine, in the page cache. Medians of ${ROUNDS} rounds in which all subjects take turns, each in its own process. ` +
    '`git status` runs in a repository of the same tree with everything committed. Times inside a process are measured by itself, those from start to end by its parent.',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'projects-'));
    try {
      await mkdir(join(directory, 'model'));
      return [...(await manyTables(directory)), await fewTable(directory)];
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
