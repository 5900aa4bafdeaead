import { setTimeout } from 'node:timers/promises';
import { Agent } from 'undici';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { openFilesOf, residentBytesOf } from '../support/process-facts.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';

/** `SOAK_REQUESTS` for fewer or more. */
const requests = Number(process.env.SOAK_REQUESTS ?? 300_000);
const callers = 32;
/** Until here caches fill and code is compiled. */
const warmUp = Math.floor(requests / 5);
/** Prompts that are asked again and again. */
const hotPrompts = 200;
/** A model of its own for what ends early: how many tokens such a call took, nobody tells. */
const abortedModel = 'gpt-4o';
const model = 'gpt-4o-mini';

/** Small enough to be full before the warm-up ends: what grows then has no bound. */
const config = `
[cache]
memoryBytes = 8000000
diskBytes = 32000000
[prices."openai-compatible/${model}"]
inputUsd = 0.15
outputUsd = 0.6
`;

type Kind = 'hit' | 'streamed hit' | 'miss' | 'streamed miss' | 'aborted' | 'refused' | 'broken';

/** Ten requests, again and again. */
const mix: readonly Kind[] = [
  'hit',
  'miss',
  'streamed hit',
  'hit',
  'streamed miss',
  'hit',
  'aborted',
  'streamed hit',
  'refused',
  'hit',
];
/** Every so often a provider that breaks its stream off. */
const breakEvery = 97;

interface Totals {
  readonly sent: Record<Kind, number>;
  readonly odd: string[];
}

function bodyOf(kind: Kind, index: number): string {
  const hot = `Question ${index % hotPrompts}`;
  const content: Readonly<Record<Kind, string>> = {
    hit: hot,
    'streamed hit': hot,
    miss: `A new question, number ${index}`,
    'streamed miss': `A new question, number ${index}`,
    aborted: `Left early, number ${index} [simulator-answer: tokens=400] [simulator-fault: chunk-delay=2]`,
    refused: `Refused, number ${index} [simulator-fault: status=400]`,
    broken: `Broken off, number ${index} [simulator-answer: tokens=40] [simulator-fault: cut-after=5]`,
  };
  const endsEarly = kind === 'aborted' || kind === 'broken';
  return JSON.stringify({
    model: endsEarly ? abortedModel : model,
    stream: endsEarly || kind.startsWith('streamed'),
    messages: [{ role: 'user', content: content[kind] }],
  });
}

const expected: Readonly<Record<Kind, number>> = {
  hit: 200,
  'streamed hit': 200,
  miss: 200,
  'streamed miss': 200,
  aborted: 200,
  refused: 400,
  broken: 200,
};

async function send(
  agent: Agent,
  url: string,
  kind: Kind,
  index: number,
  { sent, odd }: Totals,
): Promise<void> {
  sent[kind] += 1;
  const { statusCode, body } = await agent.request({
    origin: url,
    path: '/v1/chat/completions',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: bodyOf(kind, index),
  });
  if (kind === 'aborted') {
    for await (const _chunk of body) break;
    body.destroy();
  } else {
    const text = await body.text();
    const isStream = kind === 'broken' || kind.startsWith('streamed');
    const isWhole = !isStream || text.endsWith('data: [DONE]\n\n') === (kind !== 'broken');
    if (statusCode !== expected[kind] || !isWhole) odd.push(`${kind}: ${statusCode} ${text.slice(-200)}`);
  }
}

interface Reading {
  readonly residentBytes: number;
  readonly openFiles: number;
}

/** As the server is when nobody asks it anything, and its idle connections have been closed. */
async function rest(server: GatewayProcess): Promise<Reading> {
  for (;;) {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    if (/^ai_toolkit_inflight(\{.*\})? 0$/m.test(metrics)) break;
    await setTimeout(100);
  }
  // The provider's idle connections end by themselves within a few seconds.
  await setTimeout(6000);
  return { residentBytes: await residentBytesOf(server.pid), openFiles: await openFilesOf(server.pid) };
}

async function load(server: GatewayProcess, from: number, to: number, totals: Totals): Promise<void> {
  const agent = new Agent({ connections: callers });
  let next = from;
  const caller = async (): Promise<void> => {
    while (next < to) {
      const index = next++;
      const kind = index % breakEvery === 0 ? 'broken' : (mix[index % mix.length] as Kind);
      await send(agent, server.url, kind, index, totals);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  await agent.close();
}

interface Counts {
  readonly input: number;
  readonly output: number;
}

async function get<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

/** What the ledger says of the model, beside what the provider counted. */
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
    one === other ? 'equal' : 'DIFFERENT',
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

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

export const suite: Suite = {
  title: 'Soak',
  method: `${requests} requests of ${callers} callers to the server in a process of its own, in front of the simulator in another: of each ten four hits, two streamed hits, a miss, a streamed miss, a stream whose reader leaves, and a refusal; each ${breakEvery}th finds a provider that breaks its stream off. Keys, cache, limits, ledger and metrics as by default, but for a cache that is full before the warm-up of ${warmUp} requests ends. Read with nothing under way.`,
  async run(): Promise<readonly Table[]> {
    await using simulator = await startSimulator();
    await using server = await startGateway(config, { OPENAI_BASE_URL: `${simulator.url}/v1` });
    const totals: Totals = {
      sent: { hit: 0, 'streamed hit': 0, miss: 0, 'streamed miss': 0, aborted: 0, refused: 0, broken: 0 },
      odd: [],
    };
    await load(server, 0, warmUp, totals);
    const before = await rest(server);
    await load(server, warmUp, requests, totals);
    const after = await rest(server);
    const growth = (after.residentBytes / before.residentBytes - 1) * 100;
    return [
      {
        title: 'Of the process',
        columns: ['', 'after the warm-up', 'at the end'],
        rows: [
          ['resident memory, MiB', mebibytes(before.residentBytes), mebibytes(after.residentBytes)],
          ['growth', '', `${growth.toFixed(1)} %`],
          ['open files and sockets', String(before.openFiles), String(after.openFiles)],
        ],
      },
      {
        title: 'Left open at the end',
        columns: ['what', 'how many'],
        rows: [
          ...(await leftOpen(server)),
          ['answers that were not as they should be', String(totals.odd.length)],
          ...totals.odd.slice(0, 5).map((odd) => ['', odd.replaceAll(/[|\n]/g, ' ')]),
        ],
      },
      {
        title: 'The ledger beside what the provider counted',
        columns: ['what', 'ledger', 'provider or caller', ''],
        rows: await accounts(server, simulator.url, totals),
      },
    ];
  },
};
