import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { TestRedis } from '@ai-toolkit/processes/redis';
import { type AnyLimiter, createLimiter, type LimitStore, type Limits } from '@ai-toolkit/rate-limit';
import { createLimitHost, hostLimitStore } from '@ai-toolkit/rate-limit/host';
import { redisLimitStore } from '@ai-toolkit/rate-limit/redis';
import type { Suite, Table } from '../support/suite.ts';

const KEY = 'simulator';
const PROCESSES = 4;
const CALLERS = 50;
const PER_SECOND = 60;
const PHASE_MS = 15_000;
const CAP = 40;

interface Job {
  readonly url: string;
  readonly limits: Limits;
  readonly store: 'redis' | 'host' | 'none';
  readonly redisUrl: string;
}

const cases: readonly (readonly [string, Job['store'], Limits])[] = [
  ['Redis, limit told', 'redis', { requestsPerMinute: PER_SECOND * 60, maxConcurrent: CAP }],
  ['Redis, limit learned', 'redis', { maxConcurrent: CAP }],
  ['host, limit told', 'host', { requestsPerMinute: PER_SECOND * 60, maxConcurrent: CAP }],
  ['host, limit learned', 'host', { maxConcurrent: CAP }],
  ['nothing shared, limit learned', 'none', { maxConcurrent: CAP }],
];

export const suite: Suite = {
  title: 'Rate limits of many processes',
  method: `${PROCESSES} processes with ${CALLERS} callers each, which send one call after the other, against one simulator that enforces ${PER_SECOND * 60} requests a minute (continuous refill, a burst of one second) and answers in about a quarter of a second; at most ${CAP} calls may be open. 15 s a phase, after 3 s to start; between the phases one process is killed (SIGKILL) in the middle of its calls. "Most open" is the simulator's maximum of simultaneous calls; after the kill it includes calls that died with their process, until the simulator notices.`,
  async run() {
    await using redis = await TestRedis.start();
    const rows: string[][] = [];
    for (const [name, store, limits] of cases) rows.push(...(await measure(name, store, limits, redis.url)));
    const columns = ['store', 'phase', 'used', 'answers', '429s', 'most open', 'failed or stuck'];
    return [{ title: 'One limit', columns, rows }, await roundTrips(redis.url)];
  },
};

async function measure(
  name: string,
  store: Job['store'],
  limits: Limits,
  redisUrl: string,
): Promise<string[][]> {
  await using simulator = await createSimulator({
    limits: { requestsPerMinute: PER_SECOND * 60, burstMs: 1000 },
    rememberRequests: 0,
    tokensPerSecond: 20,
  });
  await using host = createLimitHost();
  const job: Job = {
    url: simulator.openaiBaseUrl,
    limits,
    store,
    redisUrl: `${redisUrl}/${cases.findIndex(([one]) => one === name)}`,
  };
  const workers = Array.from({ length: PROCESSES }, () => {
    const worker = fork(import.meta.filename, [JSON.stringify(job)]);
    if (store === 'host') host.attach(worker);
    return worker;
  });
  await Promise.all(workers.map((worker) => once(worker, 'spawn')));
  await pause(3000);
  const rows = [await phase(name, 'all four', simulator)];
  const [killed, ...others] = workers;
  killed?.kill('SIGKILL');
  rows.push(await phase(name, 'one was killed', simulator));
  const ends = await Promise.all(others.map(stop));
  rows.at(-1)?.push(String(ends.reduce((sum, { failures, stuck }) => sum + failures + stuck, 0)));
  rows.at(0)?.push('');
  return rows;
}

async function phase(name: string, title: string, simulator: Simulator): Promise<string[]> {
  simulator.resetStats();
  const startedAt = performance.now();
  await pause(PHASE_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  const { requests, rateLimited, maxInFlight } = simulator.stats();
  const answers = requests - rateLimited;
  const used = `${((100 * answers) / (seconds * PER_SECOND)).toFixed(1)} %`;
  return [name, title, used, String(answers), String(rateLimited), String(maxInFlight)];
}

async function stop(worker: ChildProcess): Promise<{ failures: number; stuck: number }> {
  worker.send('stop');
  for (;;) {
    const [message] = (await once(worker, 'message')) as [{ failures?: number; stuck?: number }];
    if (message.failures === undefined || message.stuck === undefined) continue;
    worker.kill();
    return { failures: message.failures, stuck: message.stuck };
  }
}

/** The work of a worker process: calls until told to stop, then reports its counts. */
async function work({ url, limits, store, redisUrl }: Job): Promise<void> {
  const limiter = limiterFor(store, limits, redisUrl);
  const counts = { failures: 0, stuck: CALLERS };
  const stopping = new AbortController();
  const body = JSON.stringify({
    model: 'gpt-5-mini',
    max_tokens: 5,
    messages: [{ role: 'user', content: 'How high is the tide?' }],
  });
  const call = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        using lease = await limiter.acquire({ key: KEY, signal: stopping.signal });
        const response = await fetch(`${url}/chat/completions`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        });
        const answer = (await response.json()) as {
          usage?: { prompt_tokens: number; completion_tokens: number };
        };
        if (response.status === 429) limiter.recordRateLimit(KEY, response.headers);
        else if (answer.usage === undefined) counts.failures += 1;
        else {
          limiter.observe(KEY, response.headers);
          limiter.recordSuccess(KEY);
          lease.settle({
            inputTokens: answer.usage.prompt_tokens,
            outputTokens: answer.usage.completion_tokens,
          });
        }
      } catch {
        if (!stopping.signal.aborted) counts.failures += 1;
      }
    }
    counts.stuck -= 1;
  };
  const calls = Array.from({ length: CALLERS }, call);
  process.on('message', (message) => {
    if (message === 'stop') stopping.abort();
  });
  await once(stopping.signal, 'abort');
  await Promise.race([Promise.all(calls), pause(5000)]);
  process.send?.(counts);
}

function limiterFor(kind: Job['store'], limits: Limits, redisUrl: string): AnyLimiter {
  const options = { limits, queue: { maxWaitMs: 3_600_000 } };
  if (kind === 'none') return createLimiter(options);
  const store: LimitStore = kind === 'redis' ? redisLimitStore({ url: redisUrl }) : hostLimitStore();
  return createLimiter({ ...options, store });
}

async function roundTrips(redisUrl: string): Promise<Table> {
  const limits = { requestsPerMinute: 1e9, tokensPerMinute: 1e12, maxConcurrent: 100 };
  await using redis = redisLimitStore({ url: `${redisUrl}/9` });
  await using host = createLimitHost();
  const rows = [
    ['Redis on the same machine', ...(await timed(createLimiter({ store: redis, limits }), 5000))],
    ['host, in its own process', ...(await timed(createLimiter({ store: host.store, limits }), 20_000))],
    ['none', ...(await timed(createLimiter({ limits }), 100_000))],
  ];
  return {
    title: 'acquire and settle, one after the other',
    columns: ['store', 'µs, median', 'µs, p99'],
    rows,
  };
}

async function timed(limiter: AnyLimiter, rounds: number): Promise<string[]> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const lease = await limiter.acquire({ key: KEY, inputTokens: 100, outputTokens: 50 });
    lease.settle({ inputTokens: 90, outputTokens: 40 });
    took.push((performance.now() - start) * 1000);
  }
  limiter.close();
  took.sort((a, b) => a - b);
  return [0.5, 0.99].map((part) => (took[Math.floor(part * rounds)] ?? 0).toFixed(1));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const [, main, job] = process.argv;
if (main === import.meta.filename && job !== undefined) await work(JSON.parse(job) as Job);
