import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { freePort } from '@ai-toolkit/processes/free-port';
import { startKeyedGateway } from '../support/gateway-process.ts';
import { hasNginx, type NginxProxy, startNginx } from '../support/nginx-proxy.ts';
import { openLoop, quantile } from '../support/open-loop.ts';
import { startServerProcess } from '../support/server-process.ts';
import {
  body,
  connections,
  loadOf,
  loads,
  measure,
  roundSeconds,
  rounds,
  type Subject,
  startBareProxy,
  warmUpSeconds,
} from '../support/serving-cost.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';
import { load } from '../support/wrk.ts';

const overheadSeconds = 5;

const portkeyMain = join(
  dirname(createRequire(import.meta.url).resolve('@portkey-ai/gateway/package.json')),
  'build',
  'start-server.js',
);

/** The latency that the server itself adds to a request, at half its saturation rate, the load it should have in daily use. */
async function overhead(subjects: readonly Subject[]): Promise<Table> {
  const [miss] = loads;
  const rows: string[][] = [];
  for (const subject of subjects) {
    const asked = loadOf(subject, miss, roundSeconds);
    await load({ ...asked, seconds: warmUpSeconds });
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

const oursName = 'AI Toolkit, defaults and keys';
const whetherNginx = hasNginx ? '' : ' It was not installed for this run.';

function nginxSubjects({ keepingUrl, passingUrl, pid }: NginxProxy): Subject[] {
  const each = { pids: [pid], headers: {} };
  return [
    // Not in the open loop, whose client cannot reach half of nginx's saturation rate.
    { ...each, name: 'nginx, with a cache', url: keepingUrl, only: loads.map(({ title }) => title) },
    { ...each, name: 'nginx, passing on', url: passingUrl, only: ['Miss', 'Streamed miss'] },
  ];
}

async function startOurs(upstream: string): Promise<Subject & AsyncDisposable> {
  const { url, pid, key, ...rest } = await startKeyedGateway('', upstream);
  return { ...rest, name: oursName, url, pids: [pid], headers: { authorization: `Bearer ${key}` } };
}

async function startPortkey(upstream: string): Promise<Subject & AsyncDisposable> {
  const { url, pid, ...rest } = await startServerProcess([
    portkeyMain,
    `--port=${await freePort()}`,
    '--headless',
  ]);
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream}/v1`,
    authorization: 'Bearer bench',
  };
  return { ...rest, name: 'Portkey’s gateway', url, pids: [pid], headers };
}

export const suite: Suite = {
  title: 'Server',
  method: `CPU time of the serving process per request under wrk with ${connections} connections, requests and answers of about 1 KB, streams of 40 chunks, in front of the simulator in its own process. The floor is \`node:http\` and undici’s dispatcher with a \`Map\` as its cache. The floor and our server are restarted for each load, since the \`Map\` grows without bound, which makes the floor more expensive. If \`nginx\` is on the path, one worker of it is a second floor: with \`proxy_cache\` by path and body, which stores responses in files, and with \`proxy_buffering off\`, which stores none.${whetherNginx} Ours runs with its defaults, and requires gateway keys. Medians of ${rounds} rounds of ${roundSeconds} s in which all subjects take turns. At half the saturation rate, requests are sent by the clock, from a client in the process of the suite; “own” is the server’s \`x-overhead-ms\`: from the complete request to the head of the response, less the wait for the provider.`,
  async run() {
    await using simulator = await startSimulator();
    await using nginx = hasNginx ? await startNginx(simulator.url) : undefined;
    const others = nginx === undefined ? [] : nginxSubjects(nginx);
    const tables: Table[] = [];
    for (const kind of loads) {
      await using bare = await startBareProxy(simulator.url);
      await using ours = await startOurs(simulator.url);
      // Portkey's open-source version neither cached nor streamed in this setup.
      await using portkey = kind.title === 'Miss' ? await startPortkey(simulator.url) : undefined;
      const subjects = [bare, ...others, ours, ...(portkey === undefined ? [] : [portkey])];
      const mark = ({ name }: Subject): string => (name === oursName ? `ratio ≤ ${kind.bound}` : '');
      tables.push(await measure(subjects, kind, mark));
    }
    await using bare = await startBareProxy(simulator.url);
    await using ours = await startOurs(simulator.url);
    tables.push(await overhead([bare, ours]));
    return tables;
  },
};
