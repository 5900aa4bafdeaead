import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { cpuOf } from './process-facts.ts';
import { startServerProcess } from './server-process.ts';
import type { Table } from './suite.ts';
import { type Load, load } from './wrk.ts';

export const connections = 32;
export const roundSeconds = 3;
/** Time for a new server to compile its code and fill its caches. */
export const warmUpSeconds = 8;
export const rounds = Number(process.env.SERVER_BENCH_ROUNDS ?? 5);

/** A server to measure. */
export interface Subject {
  readonly name: string;
  readonly url: string;
  /** The processes whose CPU time counts. */
  readonly pids: readonly number[];
  readonly headers: Readonly<Record<string, string>>;
  /** The only loads to run, and no open loop. Default: all, and the open loop. */
  readonly only?: readonly Kind['title'][];
}

/** The floor. Its cache is unbounded, so a proxy gets more expensive the more it has answered. */
export async function startBareProxy(upstream: string): Promise<Subject & AsyncDisposable> {
  const program = fileURLToPath(new URL('bare-proxy.ts', import.meta.url));
  const { url, pid, ...rest } = await startServerProcess([program, upstream]);
  return { ...rest, name: 'bare proxy', url, pids: [pid], headers: {} };
}

const padding = 'The tide rises and falls twice a day. '.repeat(20);

/** A request of about 1 KB for an answer of about 1 KB, streamed in 40 pieces. */
export function body(stream: boolean): string {
  const content = `COUNT ${stream ? 'streamed' : 'whole'} ${padding} [simulator-answer: tokens=160; chunks=40]`;
  return JSON.stringify({
    model: 'gpt-4o-mini',
    ...(stream ? { stream: true } : {}),
    messages: [{ role: 'user', content }],
  });
}

export const loads = [
  { title: 'Miss', stream: false, unique: true, bound: 1.8 },
  { title: 'Streamed miss', stream: true, unique: true, bound: 1.8 },
  { title: 'Hit', stream: false, unique: false, bound: 1.5 },
  { title: 'Streamed hit', stream: true, unique: false, bound: 1.5 },
] as const;
export type Kind = (typeof loads)[number];

export function loadOf(subject: Subject, { stream, unique }: Kind, seconds: number): Load {
  return {
    url: `${subject.url}/v1/chat/completions`,
    headers: { 'content-type': 'application/json', ...subject.headers },
    body: body(stream),
    unique,
    connections,
    seconds,
  };
}

/** CPU time of each subject under one load, in turn; the first is the floor. `mark` returns the bound of a subject as text. */
export async function measure(
  subjects: readonly Subject[],
  kind: Kind,
  mark: (subject: Subject) => string = () => '',
): Promise<Table> {
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
    rows: asked.map((subject, index) => [
      subject.name,
      (median(sorted[index] ?? []) / floor).toFixed(2),
      median(sorted[index] ?? []).toFixed(1),
      `${sorted[index]?.[0]?.toFixed(1)} to ${sorted[index]?.at(-1)?.toFixed(1)}`,
      median((speeds[index] ?? []).toSorted((a, b) => a - b)).toFixed(0),
      mark(subject),
    ]),
  };
}

function median(values: readonly number[]): number {
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}
