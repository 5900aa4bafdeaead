import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { residentBytesOf } from '../support/process-facts.ts';
import { createReader, type Reading } from '../support/server-reading.ts';
import { startSimulator } from '../support/simulator-process.ts';
import {
  abortedModel,
  breakEvery,
  callers,
  model,
  newTotals,
  sendAll,
  type Totals,
} from '../support/soak-traffic.ts';
import type { Suite, Table } from '../support/suite.ts';

/** Requests between readings of memory: a tenth of those sent after the warm-up, set by `SOAK_REQUESTS`. */
const stretch = Math.ceil(Number(process.env.SOAK_REQUESTS ?? 300_000) / 10);
/** During the warm-up caches fill, code is compiled, and V8 settles on its heap size. */
const warmUp = 7 * stretch;
const requests = warmUp + 10 * stretch;

/** A cache small enough to be full before the warm-up of a full run ends, so that later growth is a leak. */
const config = `
[cache]
memoryBytes = 8000000
diskBytes = 32000000
[prices."openai-compatible/${model}"]
inputUsd = 0.15
outputUsd = 0.6
`;

interface Counts {
  readonly input: number;
  readonly output: number;
}

async function get<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

/** The ledger's counts beside those of the provider and the callers. */
async function accounts(server: GatewayProcess, simulatorUrl: string, totals: Totals): Promise<string[][]> {
  interface Group {
    readonly name: string | null;
    readonly calls: number;
    readonly tokens: { readonly billed: Counts };
  }
  const { groups } = await get<{ groups: Group[] }>(`${server.url}/api/usage?by=model`);
  const { models } = await get<{ models: Record<string, Counts & { requests: number }> }>(
    `${simulatorUrl}/simulator/stats`,
  );
  const ledger = groups.find(({ name }) => name === model);
  const counted = models[model];
  const { aborted, broken, ...others } = totals.sent;
  const calls = Object.values(others).reduce((sum, count) => sum + count, 0);
  const abortedCalls = groups.find(({ name }) => name === abortedModel)?.calls;
  const row = (name: string, one: number | undefined, other: number | undefined): string[] => [
    name,
    String(one),
    String(other),
    String(Math.abs((one ?? Number.NaN) - (other ?? Number.NaN))),
  ];
  return [
    row('calls', ledger?.calls, calls),
    row('calls that ended early', abortedCalls, aborted + broken),
    row('billed input tokens', ledger?.tokens.billed.input, counted?.input),
    row('billed output tokens', ledger?.tokens.billed.output, counted?.output),
  ];
}

async function leftOpen(server: GatewayProcess): Promise<string[][]> {
  interface Limits {
    readonly keys: Record<string, { concurrency: { used: number }; queue: { depth: number } }>;
  }
  const { keys } = await get<Limits>(`${server.url}/api/limits`);
  const lanes = Object.values(keys);
  const sum = (values: readonly number[]): string =>
    String(values.reduce((total, value) => total + value, 0));
  return [
    ['slots in use', sum(lanes.map(({ concurrency }) => concurrency.used))],
    ['callers in queues', sum(lanes.map(({ queue }) => queue.depth))],
  ];
}

/** Two readings of each value, and the second compared to the first. */
function compared(
  before: Reading,
  after: Reading,
  names: Readonly<Record<string, keyof Reading>>,
  over: (one: number, other: number) => string,
  print: (value: number) => string,
): string[][] {
  return Object.entries(names).map(([name, of]) => [
    name,
    print(before[of]),
    print(after[of]),
    over(after[of], before[of]),
  ]);
}

const growth = (after: number, before: number): string => ((after / before - 1) * 100).toFixed(1);
const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

export const suite: Suite = {
  title: 'Soak',
  method: `${requests} requests of ${callers} callers to the server in its own process, in front of the simulator in another: of every ten, four hits, two streamed hits, a miss, a streamed miss, a stream whose client leaves, and a refusal; every ${breakEvery}th meets a provider that breaks off its stream. Keys, cache, limits, ledger and metrics are at their defaults, except for a cache of 8 MB in memory and 32 MB on disk, which the warm-up fills; ${warmUp} of the requests are the warm-up, in which V8 settles on its heap size. Readings are taken while idle; those of objects and the heap after a full garbage collection. Growth of the heap is mostly the log of misses, which takes longer to reach its bound.`,
  async run(): Promise<readonly Table[]> {
    await using simulator = await startSimulator();
    await using reader = await createReader();
    const variables = { OPENAI_BASE_URL: `${simulator.url}/v1`, ...reader.environment };
    await using server = await startGateway(config, variables);
    const totals = newTotals();
    const onTheWay: string[][] = [];
    let before: Reading | undefined;
    for (let sent = 0; sent < requests; sent += stretch) {
      await sendAll(server.url, sent, sent + stretch, totals);
      onTheWay.push([String(sent + stretch), mebibytes(await residentBytesOf(server.pid))]);
      // Counting objects enlarges the process for good, so an extra first count comes before the two that are compared.
      if (sent === 0 || sent + stretch === warmUp) before = await reader.read(server);
    }
    const after = await reader.read(server);
    before ??= after;
    return [
      {
        title: 'Memory',
        columns: ['MiB', 'after the warm-up', 'at the end', 'growth, %'],
        rows: compared(
          before,
          after,
          { resident: 'residentBytes', 'JavaScript heap': 'heapBytes' },
          growth,
          mebibytes,
        ),
      },
      { title: 'Resident memory on the way', columns: ['requests', 'MiB'], rows: onTheWay },
      {
        title: 'Open and alive',
        columns: ['what', 'after the warm-up', 'at the end', 'more'],
        rows: compared(
          before,
          after,
          {
            'open files and sockets': 'openFiles',
            'objects of sockets': 'sockets',
            timers: 'timers',
            'abort signals': 'abortSignals',
          },
          (one, other) => String(one - other),
          String,
        ),
      },
      {
        title: 'Left at the end',
        columns: ['what', 'how many'],
        rows: [
          ...(await leftOpen(server)),
          ['answers that were not as they should be', String(totals.odd.length)],
          ...totals.odd.slice(0, 5).map((odd) => ['', odd.replaceAll(/[|\n]/g, ' ')]),
        ],
      },
      {
        title: 'The ledger beside what the provider counted',
        columns: ['what', 'ledger', 'provider or caller', 'difference'],
        rows: await accounts(server, simulator.url, totals),
      },
    ];
  },
};
