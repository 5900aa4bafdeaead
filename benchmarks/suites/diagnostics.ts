import {
  createPipeline,
  type Entry,
  type ExchangeHead,
  entryCodec,
  openaiProvider,
  type Pipeline,
} from '@ai-toolkit/ai-client';
import { type Cache, createCache } from '@ai-toolkit/core-cache';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { measureCpu, type Subject } from '../support/measure-cpu.ts';
import type { Suite, Table } from '../support/suite.ts';

const misses = 400;
const stored = 100_000;
const system = 'You are a careful assistant of the harbour office, and answer in one sentence. '.repeat(25);

export const suite: Suite = {
  title: 'What diagnostics cost',
  method:
    'Misses: requests of 2 KB, each with a different time in its instructions, sent one after the other through a pipeline with a memory cache, in front of the simulator in this process, with and without the record of misses; the CPU time includes its deferred examination of misses. Explain: finding the stored request nearest to a new one, in a memory cache with 100,000 entries: by the index of recent misses, and with an empty index, where the 2,000 most recent entries of the model are searched.',
  async run() {
    return [await byMiss(), await byExplain()];
  },
};

async function byMiss(): Promise<Table> {
  await using simulator = await createSimulator({ rememberRequests: 0 });
  const make = (recordMisses: boolean): Pipeline =>
    createPipeline({ providers: [openaiProvider(simulator.openaiBaseUrl)], recordMisses });
  await using without = make(false);
  await using recording = make(true);
  let asked = 0;
  const subject = (name: string, pipeline: Pipeline): Subject => ({
    name,
    async run(count) {
      for (let index = 0; index < count; index++) await ask(pipeline, body(asked++));
    },
  });
  return await measureCpu(
    'A miss',
    [subject('without', without), subject('with the record of misses', recording)],
    {
      count: misses,
      rounds: 9,
    },
  );
}

async function byExplain(): Promise<Table> {
  await using simulator = await createSimulator({ rememberRequests: 0 });
  await using cache = createCache<Entry>({
    codec: entryCodec,
    memory: { maxEntries: 2 * stored, maxBytes: 2 ** 30 },
  });
  const options = { providers: [openaiProvider(simulator.openaiBaseUrl)], cache };
  await using recording = createPipeline({ ...options, recordMisses: true });
  await using forgetful = createPipeline(options);
  await fill(forgetful, cache);
  for (let index = 0; index < 20; index++) await ask(recording, body(index));
  recording.misses();
  const request = { surface: 'chat', body: Buffer.from(JSON.stringify(body(1_000_000))) } as const;
  const subject = (name: string, pipeline: Pipeline): Subject => ({
    name,
    async run(count) {
      for (let index = 0; index < count; index++) await pipeline.explain(request, { nearest: true });
    },
  });
  return await measureCpu(
    `The nearest of ${stored.toLocaleString('en')} stored requests`,
    [subject('by the index', recording), subject('by looking through the latest', forgetful)],
    { count: 5, rounds: 3 },
  );
}

/** Stores one answer of the simulator under `stored` keys. */
async function fill(pipeline: Pipeline, cache: Cache<Entry>): Promise<void> {
  const { key = '' } = await ask(pipeline, body(-1));
  const found = await cache.inspect(key);
  if (found.status !== 'hit') throw new Error('The answer was not stored.');
  for (let index = 0; index < stored; index++)
    await cache.set(`copy ${index}`, found.value, { tags: ['model:gpt-4o-mini'] });
}

function body(second: number): object {
  const time = new Date(1_790_000_000_000 + second * 1000).toISOString();
  return {
    model: 'gpt-4o-mini',
    messages: [
      { role: 'system', content: `${system}It is ${time}.` },
      { role: 'user', content: 'When is high tide?' },
    ],
  };
}

function ask(pipeline: Pipeline, asked: object): Promise<ExchangeHead> {
  return new Promise((resolve, reject) => {
    let head: ExchangeHead;
    pipeline.exchange(
      { surface: 'chat', body: Buffer.from(JSON.stringify(asked)) },
      {
        onHead: (received) => {
          head = received;
        },
        onData: () => true,
        onEnd: () => resolve(head),
        onError: reject,
      },
    );
  });
}
