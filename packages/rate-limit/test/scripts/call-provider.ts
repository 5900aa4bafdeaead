import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { hostLimitStore } from '../../src/host/index.js';
import { createLimiter } from '../../src/limiter.js';
import type { Limits } from '../../src/limits.js';
import { redisLimitStore } from '../../src/redis/index.js';

/**
 * Calls a provider from many callers until told to stop. Arguments: URL of the provider, limits as JSON, number of callers,
 * timeout of the store (ms), URL of Redis or nothing.
 */
const [, , provider = '', limits = '{}', callers = '1', patience = '', redis = ''] = process.argv;
const key = 'provider';
const timeoutMs = Number(patience);
const store = redis === '' ? hostLimitStore({ timeoutMs }) : redisLimitStore({ url: redis, timeoutMs });
const limiter = createLimiter({
  store,
  limits: JSON.parse(limits) as Limits,
  queue: { maxWaitMs: 3_600_000 },
});
const agent = new Agent({ keepAlive: true });
const counts = { answers: 0, rejections: 0 };
const stop = new AbortController();

async function ask(): Promise<number> {
  const sent = request(`${provider}/v1/chat/completions`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  });
  sent.end(
    JSON.stringify({ model: 'gpt-5-mini', max_tokens: 5, messages: [{ role: 'user', content: 'tide' }] }),
  );
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  if (response.statusCode === 429) limiter.recordRateLimit(key, response.headers);
  return response.statusCode;
}

async function call(): Promise<void> {
  while (!stop.signal.aborted) {
    const lease = await limiter.acquire({ key, inputTokens: 5, outputTokens: 5, signal: stop.signal });
    if ((await ask()) === 200) {
      counts.answers += 1;
      lease.settle({ inputTokens: 5, outputTokens: 5 });
    } else {
      counts.rejections += 1;
      lease.release();
    }
  }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
console.log('ready');
await lines.next();
const calls = Array.from({ length: Number(callers) }, () => call().catch(() => undefined));
await lines.next();
stop.abort();
await Promise.all(calls);
console.log(`done ${JSON.stringify({ ...counts, snapshot: limiter.snapshot() })}`);
await limiter[Symbol.asyncDispose]();
await store.close();
agent.destroy();
process.stdin.destroy();
