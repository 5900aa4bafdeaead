import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@ai-toolkit/processes/free-port';
import { command, startGateway } from '../support/gateway-process.ts';
import { hasNginx, type NginxProxy, startNginx } from '../support/nginx-proxy.ts';
import { openLoop, quantile } from '../support/open-loop.ts';
import { cpuOf } from '../support/process-facts.ts';
import { startServerProcess } from '../support/server-process.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';
import { type Load, load } from '../support/wrk.ts';

const connections = 32;
const roundSeconds = 3;
const warmUpSeconds = 4;
const overheadSeconds = 5;
const rounds = Number(process.env.SERVER_BENCH_ROUNDS ?? 5);

const portkeyMain = join(
  dirname(createRequire(import.meta.url).resolve('@portkey-ai/gateway/package.json')),
  'build',
  'start-server.js',
);
const support = (name: string): string => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

/** A server that is measured. */
interface Subject {
  readonly name: string;
  readonly url: string;
  /** The processes whose CPU time counts. */
  readonly pids: readonly number[];
  readonly headers: Readonly<Record<string, string>>;
  /** The loads that it is given, when not all, and not the open loop. */
  readonly only?: readonly Kind['title'][];
}

const padding = 'The tide rises and falls twice a day. '.repeat(20);

/** A request of about 1 KB for an answer of about 1 KB, streamed in 40 pieces. */
function body(stream: boolean): string {
  const content = `COUNT ${stream ? 'streamed' : 'whole'} ${padding} [simulator-answer: tokens=160; chunks=40]`;
  return JSON.stringify({
    model: 'gpt-4o-mini',
    ...(stream ? { stream: true } : {}),
    messages: [{ role: 'user', content }],
  });
}

const loads = [
  { title: 'Miss', stream: false, unique: true, bound: 1.8 },
  { title: 'Streamed miss', stream: true, unique: true, bound: 1.8 },
  { title: 'Hit', stream: false, unique: false, bound: 1.5 },
  { title: 'Streamed hit', stream: true, unique: false, bound: 1.5 },
] as const;
type Kind = (typeof loads)[number];

function loadOf(subject: Subject, { stream, unique }: Kind, seconds: number): Load {
  return {
    url: `${subject.url}/v1/chat/completions`,
    headers: { 'content-type': 'application/json', ...subject.headers },
    body: body(stream),
    unique,
    connections,
    seconds,
  };
}

async function measure(subjects: readonly Subject[], kind: Kind): Promise<Table> {
  const asked = subjects.filter(({ only }) => only?.includes(kind.title) ?? true);
  const samples = asked.map((): number[] => []);
  const speeds = asked.map((): number[] => []);
  for (const subject of asked) await load(loadOf(subject, kind, warmUpSeconds));
  for (let round = 0; round < rounds; round++) {
    for (const [index, subject] of asked.entries()) {
      const before = await cpuOf(subject.pids);
      const { requests, failures } = await load(loadOf(subject, kind, roundSeconds));
      if (failures > 0)
        throw new Error(`${subject.name} failed ${failures} of ${requests} requests (${kind.title}).`);
      samples[index]?.push(((await cpuOf(subject.pids)) - before) / requests);
      speeds[index]?.push(requests / roundSeconds);
    }
  }
  const sorted = samples.map((values) => values.toSorted((a, b) => a - b));
  const floor = median(sorted[0] ?? []);
  return {
    title: kind.title,
    columns: [
      'subject',
      'ratio',
      'CPU µs per request',
      'smallest to largest round',
      'requests a second',
      'must hold',
    ],
    rows: asked.map(({ name }, index) => [
      name,
      (median(sorted[index] ?? []) / floor).toFixed(2),
      median(sorted[index] ?? []).toFixed(1),
      `${sorted[index]?.[0]?.toFixed(1)} to ${sorted[index]?.at(-1)?.toFixed(1)}`,
      median((speeds[index] ?? []).toSorted((a, b) => a - b)).toFixed(0),
      name === oursName ? `ratio ≤ ${kind.bound}` : '',
    ]),
  };
}

/** How late a request is for what the server does itself, while it has as much to do as it should in daily use. */
async function overhead(subjects: readonly Subject[]): Promise<Table> {
  const [miss] = loads;
  const rows: string[][] = [];
  for (const subject of subjects) {
    const asked = loadOf(subject, miss, roundSeconds);
    const rate = (await load(asked)).requests / roundSeconds / 2;
    const [before = '', after = ''] = body(false).split('COUNT');
    const samples = await openLoop({
      url: asked.url,
      headers: asked.headers,
      body: (index) => `${before}${subject.name} ${Date.now()}-${index}${after}`,
      rate,
      seconds: overheadSeconds,
    });
    const failed = samples.find(({ status }) => status !== 200);
    if (failed !== undefined) throw new Error(`${subject.name} answered ${failed.status} at half its rate.`);
    const took = samples.map(({ tookMs }) => tookMs);
    const own = samples.map(({ headers }) => Number(headers['x-overhead-ms'])).filter(Number.isFinite);
    const parts = [0.5, 0.99].flatMap((share) => [
      quantile(took, share).toFixed(2),
      own.length === 0 ? '' : quantile(own, share).toFixed(2),
    ]);
    rows.push([subject.name, rate.toFixed(0), ...parts, subject.name === oursName ? 'own p99 < 1 ms' : '']);
  }
  return {
    title: 'Misses at half the rate that saturates, in an open loop',
    columns: [
      'subject',
      'requests a second',
      'whole p50 ms',
      'own p50 ms',
      'whole p99 ms',
      'own p99 ms',
      'must hold',
    ],
    rows,
  };
}

function median(values: readonly number[]): number {
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}

const oursName = 'AI Toolkit, defaults and keys';
const whetherNginx = hasNginx ? '' : ' It was not installed for this run.';

function nginxSubjects({ keepingUrl, passingUrl, pid }: NginxProxy): Subject[] {
  const each = { pids: [pid], headers: {} };
  return [
    // The client of the open loop cannot keep up with half of what it can do.
    { ...each, name: 'nginx, with a cache', url: keepingUrl, only: loads.map(({ title }) => title) },
    { ...each, name: 'nginx, passing on', url: passingUrl, only: ['Miss', 'Streamed miss'] },
  ];
}

export const suite: Suite = {
  title: 'Server',
  method: `CPU time of the serving process per request under wrk with ${connections} connections, requests and answers of about 1 KB, streams of 40 pieces, in front of the simulator in a process of its own. The floor is \`node:http\` and undici’s dispatcher with a \`Map\` as its cache. Where \`nginx\` is on the path, one worker of it is a second floor: with \`proxy_cache\` by path and body, whose answers are files, and with \`proxy_buffering off\`, which keeps none.${whetherNginx} Ours has everything on that is on by default, and asks for gateway keys. Medians of ${rounds} rounds of ${roundSeconds} s in which everything takes its turn. At half the rate that saturates, requests come by the clock, from a client in the process of the suite; “own” is what the server tells in \`x-overhead-ms\`: from the whole request to the head of the answer, less the wait for the provider.`,
  async run() {
    await using simulator = await startSimulator();
    let key = '';
    await using ours = await startGateway(
      '',
      { OPENAI_BASE_URL: `${simulator.url}/v1`, OPENAI_API_KEY: 'bench' },
      async (environment) => {
        const args = [command, 'keys', 'create', '--name', 'bench', '--json'];
        const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
        ({ key } = JSON.parse(stdout) as { key: string });
      },
    );
    await using bare = await startServerProcess([support('bare-proxy.ts'), simulator.url]);
    await using portkey = await startServerProcess([portkeyMain, `--port=${await freePort()}`, '--headless']);
    await using nginx = hasNginx ? await startNginx(simulator.url) : undefined;
    const subjects: Subject[] = [
      { name: 'bare proxy', url: bare.url, pids: [bare.pid], headers: {} },
      ...(nginx === undefined ? [] : nginxSubjects(nginx)),
      { name: oursName, url: ours.url, pids: [ours.pid], headers: { authorization: `Bearer ${key}` } },
      {
        name: 'Portkey’s gateway',
        url: portkey.url,
        pids: [portkey.pid],
        headers: {
          'x-portkey-provider': 'openai',
          'x-portkey-custom-host': `${simulator.url}/v1`,
          authorization: 'Bearer bench',
        },
        // Its open version kept no answers here, and did not stream.
        only: ['Miss'],
      },
    ];
    const tables: Table[] = [];
    for (const kind of loads) tables.push(await measure(subjects, kind));
    tables.push(await overhead(subjects.filter(({ only }) => only === undefined)));
    return tables;
  },
};
