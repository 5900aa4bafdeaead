import { setTimeout } from 'node:timers/promises';
import { createPipeline, openaiProvider, type Pipeline } from '@ai-toolkit/ai-client';
import { createLimiter } from '@ai-toolkit/rate-limit';
import { Agent } from 'undici';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';

const streams = 200;
const rounds = 3;
const streamsEach = 4;
const pieces = 40;
const pauseMs = 25;
const answer = `[simulator-answer: tokens=${pieces * 2}; chunks=${pieces}] [simulator-fault: chunk-delay=${pauseMs}]`;
/** Usage is requested, since otherwise the pipeline drops the usage event, which makes one gap twice as long. */
const stream_options = { include_usage: true };
let drawn = 0;

/** Times of one stream, ms: to its first bytes, and between the chunks that follow. */
interface Times {
  readonly first: number;
  readonly gaps: readonly number[];
}

/** Sends a request and calls `onData` whenever bytes arrive. */
type Send = (body: Buffer, onData: () => void) => Promise<void>;

function freshBody(): Buffer {
  drawn += 1;
  const messages = [{ role: 'user', content: `${drawn} ${answer}` }];
  return Buffer.from(JSON.stringify({ model: 'gpt-4o-mini', stream: true, stream_options, messages }));
}

function direct(agent: Agent, origin: string): Send {
  return (body, onData) =>
    new Promise((resolve, reject) => {
      agent.dispatch(
        {
          origin,
          path: '/v1/chat/completions',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        },
        {
          onRequestStart: () => {},
          onResponseStart: () => {},
          onResponseData: onData,
          onResponseEnd: () => resolve(),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
}

function through(pipeline: Pipeline): Send {
  return (body, onData) =>
    new Promise((resolve, reject) => {
      pipeline.exchange(
        { surface: 'chat', body },
        {
          onHead: () => {},
          onData: () => {
            onData();
            return true;
          },
          onEnd: () => resolve(),
          onError: reject,
        },
      );
    });
}

async function timesOf(send: Send, body: Buffer): Promise<Times> {
  const start = performance.now();
  const at: number[] = [];
  await send(body, () => at.push(performance.now()));
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? time));
  return { first: (at[0] ?? Number.NaN) - start, gaps };
}

/** Runs `streams` callers with one stream after the other; their starts are spread over the length of a stream. */
async function round(send: Send): Promise<readonly Times[]> {
  const times: Times[] = [];
  const caller = async (_: unknown, index: number): Promise<void> => {
    await setTimeout((index * pieces * pauseMs) / streams);
    for (let count = 0; count < streamsEach; count++) times.push(await timesOf(send, freshBody()));
  };
  await Promise.all(Array.from({ length: streams }, caller));
  return times;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(2);
}

function rowOf(name: string, values: readonly number[]): string[] {
  return [name, ...[0.5, 0.9, 0.99].map((share) => quantile(values, share))];
}

/** Live streams, direct and through the pipeline in turn. */
async function live(subjects: readonly { readonly name: string; readonly send: Send }[]): Promise<Table[]> {
  const measured = subjects.map(({ name }) => ({ name, times: [] as Times[] }));
  for (const { send } of subjects) await round(send);
  for (let count = 0; count < rounds; count++) {
    for (const [index, { send }] of subjects.entries()) measured[index]?.times.push(...(await round(send)));
  }
  const columns = ['subject', 'p50 ms', 'p90 ms', 'p99 ms'];
  return [
    {
      title: 'To the first bytes',
      columns,
      rows: measured.map(({ name, times }) =>
        rowOf(
          name,
          times.map(({ first }) => first),
        ),
      ),
    },
    {
      title: 'Between the bytes that follow',
      columns,
      rows: measured.map(({ name, times }) =>
        rowOf(
          name,
          times.flatMap(({ gaps }) => gaps),
        ),
      ),
    },
  ];
}

/** The first byte of stored streams, one after the other. */
async function stored(send: Send): Promise<Table> {
  const body = freshBody();
  await timesOf(send, body);
  const firsts: number[] = [];
  for (let count = 0; count < 2000; count++) firsts.push((await timesOf(send, body)).first);
  return {
    title: 'To the first bytes of a stored stream',
    columns: ['subject', 'p50 ms', 'p90 ms', 'p99 ms'],
    rows: [rowOf('exchange, memory hit', firsts)],
  };
}

export const suite: Suite = {
  title: 'Streams',
  method: `${streams} callers with one stream after the other, of ${pieces} chunks at intervals of ${pauseMs} ms; ${rounds} rounds of ${streams * streamsEach} streams for each subject in turn, in front of the simulator in its own process; limits are unknown and adaptive limiting is off. Wall time: what matters is the difference between the lines.`,
  async run() {
    await using simulator = await startSimulator();
    await using pipeline = createPipeline({
      providers: [openaiProvider(`${simulator.url}/v1`)],
      limiter: createLimiter({ adaptive: false }),
    });
    const agent = new Agent();
    const send = through(pipeline);
    const tables = await live([
      { name: 'direct, undici dispatcher', send: direct(agent, simulator.url) },
      { name: 'direct, again', send: direct(agent, simulator.url) },
      { name: 'exchange, miss', send },
    ]);
    tables.push(await stored(send));
    await agent.close();
    return tables;
  },
};
