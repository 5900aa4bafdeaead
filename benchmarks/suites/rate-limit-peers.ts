import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { createLimiter } from '@ai-toolkit/rate-limit';
import Bottleneck from 'bottleneck';
import OpenAI, { APIError } from 'openai';
import pThrottle from 'p-throttle';
import { measureNanoseconds, type TimedSubject } from '../support/measure-nanoseconds.ts';
import type { Suite, Table } from '../support/suite.ts';

const callers = 100;
const phaseMs = 15_000;
const requestsPerMinute = 1800;
const perSecond = requestsPerMinute / 60;
const model = 'gpt-5-mini';
const ceaseless = 300_000;

/** A call of a subject, many of which run at once; false if it failed for good. */
type Call = () => Promise<boolean>;

interface Subject {
  readonly name: string;
  create(simulator: Simulator): Call;
}

/** Sends one request and consumes its body. */
async function send({ openaiBaseUrl }: Simulator): Promise<Response> {
  const response = await fetch(`${openaiBaseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Tides' }] }),
  });
  await response.arrayBuffer();
  return response;
}

const subjects: readonly Subject[] = [
  {
    name: 'rate-limit, told nothing',
    create(simulator) {
      const limiter = createLimiter();
      return async () => {
        for (;;) {
          using lease = await limiter.acquire({ key: model });
          const response = await send(simulator);
          if (response.status === 429) {
            limiter.recordRateLimit(model, response.headers);
            continue;
          }
          limiter.observe(model, response.headers);
          limiter.recordSuccess(model);
          lease.settle({});
          return response.ok;
        }
      };
    },
  },
  {
    name: 'p-throttle, told the limit',
    create(simulator) {
      const throttled = pThrottle({ limit: perSecond, interval: 1000 })(() => send(simulator));
      return async () => (await throttled()).ok;
    },
  },
  {
    name: 'bottleneck, told the limit',
    create(simulator) {
      const bottleneck = new Bottleneck({ minTime: 1000 / perSecond });
      return async () => (await bottleneck.schedule(() => send(simulator))).ok;
    },
  },
  {
    name: 'the OpenAI SDK’s own retries',
    create(simulator) {
      const client = new OpenAI({ baseURL: simulator.openaiBaseUrl, apiKey: 'bench' });
      return async () => {
        try {
          await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Tides' }] });
          return true;
        } catch (error) {
          if (error instanceof APIError) return false;
          throw error;
        }
      };
    },
  },
];

async function measure({ name, create }: Subject): Promise<string[][]> {
  await using simulator = await createSimulator({
    limits: { requestsPerMinute, burstMs: 1000 },
    rememberRequests: 0,
  });
  const call = create(simulator);
  let isOver = false;
  let answers = 0;
  let failures = 0;
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const isAnswered = await call();
      if (isOver) return;
      if (isAnswered) answers += 1;
      else failures += 1;
    }
  };
  const all = Array.from({ length: callers }, caller);
  const rows: string[][] = [];
  for (const [phase, factor] of [
    ['as told', 1],
    ['halved', 0.5],
  ] as const) {
    simulator.setLimits({ requestsPerMinute: requestsPerMinute * factor, burstMs: 1000 });
    const before = { answers, failures, refusals: simulator.stats().rateLimited };
    await new Promise((resolve) => setTimeout(resolve, phaseMs));
    const had = answers - before.answers;
    const refusals = simulator.stats().rateLimited - before.refusals;
    const quota = (requestsPerMinute * factor * phaseMs) / 60_000;
    rows.push([
      name,
      phase,
      `${((100 * had) / quota).toFixed(1)} %`,
      String(had),
      String(refusals),
      (refusals / Math.max(1, had)).toFixed(3),
      String(failures - before.failures),
    ]);
  }
  isOver = true;
  // Without limits, waiting callers get their turn soon.
  simulator.setLimits({});
  await Promise.race([Promise.all(all), new Promise((resolve) => setTimeout(resolve, 10_000))]);
  return rows;
}

/** The overhead on a call that need not wait. */
function uncontended(): Promise<Table> {
  const limiter = createLimiter({ limits: { requestsPerMinute: 1e9, maxConcurrent: 100 } });
  const throttled = pThrottle({ limit: 1e9, interval: 1000 })(async () => 1);
  const bottleneck = new Bottleneck({ maxConcurrent: 100 });
  const each = (name: string, operations: number, one: () => Promise<unknown>): TimedSubject => ({
    name,
    operations,
    run: async () => {
      for (let count = 0; count < operations; count++) await one();
    },
  });
  return measureNanoseconds('A call that need not wait', [
    each('rate-limit, acquire and settle', ceaseless, async () => {
      const lease = await limiter.acquire({ key: model });
      lease.settle({});
    }),
    each('p-throttle', 300, () => throttled()),
    each('bottleneck, schedule', 300, () => bottleneck.schedule(async () => 1)),
  ]);
}

export const suite: Suite = {
  title: 'Rate limits beside others',
  method: `The throughput of ${callers} callers, each sending one call after the other, with a provider that allows ${requestsPerMinute} requests a minute (the simulator, continuous refill, a burst of one second) and then half of that, ${phaseMs / 1000} s each. p-throttle and bottleneck are configured with the initial limit, and cannot learn; ours is told nothing; the SDK sends and retries twice, its default. "Failed" are calls that failed for their caller. For a call that need not wait, the CPU time.`,
  async run() {
    const rows: string[][] = [];
    for (const subject of subjects) rows.push(...(await measure(subject)));
    const columns = ['subject', 'limit', 'used', 'answers', '429s', '429s per answer', 'failed calls'];
    return [{ title: 'A limit that changes', columns, rows }, await uncontended()];
  },
};
