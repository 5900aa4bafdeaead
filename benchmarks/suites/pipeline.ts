import {
  createAiClient,
  createPipeline,
  type ExchangeRequest,
  openaiProvider,
  type Pipeline,
} from '@ai-toolkit/ai-client';
import { createLimiter } from '@ai-toolkit/rate-limit';
import OpenAI from 'openai';
import { Agent } from 'undici';
import { measureCpu, type Subject } from '../support/measure-cpu.ts';
import { startSimulator } from '../support/simulator-process.ts';
import type { Suite, Table } from '../support/suite.ts';

const concurrency = 16;
const padding = 'The tide rises and falls twice a day. '.repeat(20);
/** An answer of about 1 KB, streamed in 40 pieces. */
const answer = '[simulator-answer: tokens=160; chunks=40]';
/** Sends each chunk separately, as a model produces them. */
const live = '[simulator-fault: chunk-delay=2]';
let drawn = 0;

/** A request of about 1 KB with a new prompt. */
function freshBody(stream: boolean, wish = ''): Buffer {
  drawn += 1;
  const messages = [{ role: 'user', content: `${drawn} ${padding} ${answer}${wish}` }];
  return Buffer.from(JSON.stringify({ model: 'gpt-4o-mini', ...(stream ? { stream: true } : {}), messages }));
}

async function inParallel(count: number, operation: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await operation();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/**
 * Starts one operation per millisecond. At full speed, a faster subject keeps the server awake, whereas the kernel charges a writer for
 * waking a sleeping process: a slower subject would pay for more than its own work.
 */
async function inStep(count: number, operation: () => Promise<void>): Promise<void> {
  const running: Promise<void>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      running.push(operation());
      if (running.length < count) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(running);
}

async function manyAtOnce(count: number, operation: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, operation));
}

type Load = (count: number, operation: () => Promise<void>) => Promise<void>;

function bare(agent: Agent, origin: string, fresh: () => Buffer, load: Load): Subject {
  const once = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      agent.dispatch(
        {
          origin,
          path: '/v1/chat/completions',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: fresh(),
        },
        {
          onRequestStart: () => {},
          onResponseStart: () => {},
          onResponseData: (_controller, chunk) => {
            chunks.push(chunk);
          },
          onResponseEnd: () => resolve(),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
  return { name: 'bare undici dispatcher', run: (count) => load(count, once) };
}

function exchanging(name: string, pipeline: Pipeline, request: () => ExchangeRequest, load: Load): Subject {
  const once = (): Promise<void> =>
    new Promise((resolve, reject) => {
      pipeline.exchange(request(), {
        onHead: () => {},
        onData: () => true,
        onEnd: () => resolve(),
        onError: reject,
      });
    });
  return { name, run: (count) => load(count, once) };
}

/** Sequential calls, all in this process; the SDK alone is the floor. */
async function faces(pipeline: Pipeline, url: string): Promise<Table> {
  const request = {
    model: 'gpt-4o-mini',
    messages: [{ role: 'user' as const, content: `${padding} ${answer}` }],
  };
  const options = { apiKey: 'key', baseURL: `${url}/v1`, maxRetries: 0 };
  const cached = new OpenAI({ ...options, fetch: pipeline.fetch });
  const text = await (await cached.chat.completions.create(request).asResponse()).text();
  const headers = { 'content-type': 'application/json' };
  const alone = new OpenAI({ ...options, fetch: () => Promise.resolve(new Response(text, { headers })) });
  const client = createAiClient({ pipeline, model: request.model });
  const times = (operation: () => Promise<unknown>) => async (count: number) => {
    for (let left = count; left > 0; left--) await operation();
  };
  const prompt = request.messages[0]?.content ?? '';
  await client.generate(prompt);
  return measureCpu(
    'Faces, memory hit',
    [
      {
        name: 'OpenAI SDK, fetch that answers at once',
        run: times(() => alone.chat.completions.create(request)),
      },
      { name: 'OpenAI SDK, pipeline.fetch', run: times(() => cached.chat.completions.create(request)) },
      { name: 'generate', run: times(() => client.generate(prompt)) },
    ],
    { count: 3000, rounds: 7 },
  );
}

export const suite: Suite = {
  title: 'Pipeline',
  method:
    'CPU time of the calling process per call, in front of the simulator in its own process, with requests and answers of about 1 KB, and streams of 40 chunks, which the simulator writes at once, or 2 ms apart (piece by piece); memory cache. The floor is undici’s dispatcher with the same bytes.',
  async run() {
    await using simulator = await startSimulator();
    await using pipeline = createPipeline({ providers: [openaiProvider(`${simulator.url}/v1`)] });
    // With adaptive limits, many simultaneous calls would queue while the limits are still unknown.
    await using unlimited = createPipeline({
      providers: [openaiProvider(`${simulator.url}/v1`)],
      limiter: createLimiter({ adaptive: false }),
    });
    const agent = new Agent();
    const fresh = (stream: boolean) => (): ExchangeRequest => ({ surface: 'chat', body: freshBody(stream) });
    const known = (stream: boolean): (() => ExchangeRequest) => {
      const body = freshBody(stream);
      return () => ({ surface: 'chat', body });
    };
    const tables: Table[] = [];
    for (const stream of [false, true]) {
      const shape = stream ? 'Streamed' : 'Not streamed';
      tables.push(
        await measureCpu(
          `${shape}, 16 calls at once`,
          [
            bare(agent, simulator.url, () => freshBody(stream), inParallel),
            exchanging('exchange, miss', pipeline, fresh(stream), inParallel),
            exchanging('exchange, memory hit', pipeline, known(stream), inParallel),
          ],
          { count: 2000, rounds: 7 },
        ),
        await measureCpu(
          `${shape}, one call a millisecond`,
          [
            bare(agent, simulator.url, () => freshBody(stream), inStep),
            exchanging('exchange, miss', pipeline, fresh(stream), inStep),
          ],
          { count: 800, rounds: 7 },
        ),
      );
    }
    const alive = (): Buffer => freshBody(true, live);
    tables.push(
      await measureCpu(
        'Streamed piece by piece, 100 calls at once',
        [
          bare(agent, simulator.url, alive, manyAtOnce),
          exchanging('exchange, miss', unlimited, () => ({ surface: 'chat', body: alive() }), manyAtOnce),
        ],
        { count: 100, rounds: 21 },
      ),
    );
    tables.push(await faces(pipeline, simulator.url));
    await agent.close();
    return tables;
  },
};
