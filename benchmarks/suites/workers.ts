import { fileURLToPath } from 'node:url';
import type { Dealer } from '../support/http-workers.ts';
import { childrenOf, cpuOf, openFilesOf } from '../support/process-facts.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import type { Suite, Table } from '../support/suite.ts';
import { load } from '../support/wrk.ts';

const workers = 4;
const connections = 32;
const rounds = 7;
const roundSeconds = 2;

const program = fileURLToPath(new URL('../support/http-workers.ts', import.meta.url));

/** A parent and its workers. */
interface Subject extends ServerProcess {
  /** Who distributes the connections. */
  readonly name: Dealer;
  readonly workers: readonly number[];
}

async function start(name: Dealer): Promise<Subject> {
  const server = await startServerProcess([program, name, String(workers)]);
  return { ...server, name, workers: await childrenOf(server.pid) };
}

async function ask({ name, url }: Subject, connection: 'close' | 'keep-alive'): Promise<number> {
  const headers = { 'content-type': 'application/json', connection };
  const { requests, failures } = await load({
    ...{ url, headers, body: '{}', unique: false, connections, seconds: roundSeconds },
  });
  if (failures > 0) throw new Error(`${name} failed ${failures} of ${requests} requests (${connection}).`);
  return requests;
}

/** CPU time of parent and workers for each request. */
async function cpu(
  title: string,
  subjects: readonly Subject[],
  connection: 'close' | 'keep-alive',
): Promise<Table> {
  const samples = subjects.map((): number[] => []);
  for (const subject of subjects) await ask(subject, connection);
  for (let round = 0; round < rounds; round++) {
    for (const [index, subject] of subjects.entries()) {
      const pids = [subject.pid, ...subject.workers];
      const before = await cpuOf(pids);
      const requests = await ask(subject, connection);
      samples[index]?.push(((await cpuOf(pids)) - before) / requests);
    }
  }
  const sorted = samples.map((values) => values.toSorted((a, b) => a - b));
  const floor = median(sorted[0] ?? []);
  return {
    title,
    columns: ['dealt out by', 'ratio', 'CPU µs per request', 'smallest to largest round'],
    rows: subjects.map(({ name }, index) => {
      const values = sorted[index] ?? [];
      return [
        name,
        (median(values) / floor).toFixed(2),
        median(values).toFixed(0),
        `${values[0]?.toFixed(0)} to ${values.at(-1)?.toFixed(0)}`,
      ];
    }),
  };
}

/** The connections of each worker under load: its open files beyond those at rest. */
async function held(subject: Subject): Promise<number[]> {
  const sockets = (): Promise<number[]> => Promise.all(subject.workers.map(openFilesOf));
  const before = await sockets();
  const asked = ask(subject, 'keep-alive');
  let counts: number[];
  do counts = (await sockets()).map((count, index) => count - (before[index] ?? 0));
  while (counts.reduce((sum, count) => sum + count, 0) < connections);
  await asked;
  return counts;
}

async function spread(subjects: readonly Subject[]): Promise<Table> {
  const samples = subjects.map((): number[][] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, subject] of subjects.entries()) samples[index]?.push(await held(subject));
  return {
    title: `${connections} kept connections over ${workers} processes`,
    columns: ['dealt out by', 'most of one, median', 'most of one, any round', 'each round'],
    rows: subjects.map(({ name }, index) => {
      const all = samples[index] ?? [];
      const most = all.map((counts) => Math.max(...counts)).toSorted((a, b) => a - b);
      return [
        name,
        String(median(most)),
        String(most.at(-1)),
        all.map((counts) => counts.join('/')).join(', '),
      ];
    }),
  };
}

function median(values: readonly number[]): number {
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}

export const suite: Suite = {
  title: 'Workers on one port',
  method: `${workers} processes of \`node:cluster\` that serve one port with \`node:http\` alone, under wrk with ${connections} connections: the parent accepts connections and hands them over, as is the default, or each process listens itself and the kernel distributes them (\`SO_REUSEPORT\`), as with the server’s workers on Linux. CPU time is that of the parent and the workers. Medians of ${rounds} rounds of ${roundSeconds} s in turn. Connections are counted by the sockets that each worker holds under load.`,
  async run() {
    await using parent = await start('parent');
    await using kernel = await start('kernel');
    const subjects = [parent, kernel];
    return [
      await cpu('A connection for each request', subjects, 'close'),
      await cpu('Connections that are kept', subjects, 'keep-alive'),
      await spread(subjects),
    ];
  },
};
