import { createSimulator, type SimulatorLimits } from '@ai-toolkit/llm-simulator';
import { createLimiter, type Limiter } from '@ai-toolkit/rate-limit';
import type { Suite, Table } from '../support/suite.ts';

const CALLERS = 100;
const PHASE_MS = 15_000;
/** Phase for a limit not announced in headers, which must be found by trial: long enough to show more than the search. */
const LONG_PHASE_MS = 60_000;
const TOKENS = 1050;
const OUTPUT_TOKENS = 50;
const KEY = 'simulator';

interface Totals {
  answers: number;
  rejections: number;
  failures: number;
  tokens: number;
}

const cases: readonly (readonly [string, SimulatorLimits])[] = [
  ['1,800 requests/min', { requestsPerMinute: 1800, burstMs: 1000 }],
  ['1,000,000 tokens/min', { tokensPerMinute: 1_000_000, burstMs: 1000 }],
  ['1,800 requests/min, no headers', { requestsPerMinute: 1800, burstMs: 1000, announce: false }],
];

export const suite: Suite = {
  title: 'Rate limits',
  method:
    'The throughput of a client with a provider whose limits it does not know: 100 callers that each send one call after the other, 15 s a phase (60 s if no header announces the limit), against the simulator in the same process (continuous refill, a burst of one second, 1,050 tokens a call); the limit is halved and doubled again while it runs. "Used" is relative to the refill of a phase, so the burst available at the start shows as more than 100 %.',
  async run() {
    const rows: string[][] = [];
    for (const [name, limits] of cases) rows.push(...(await measure(name, limits)));
    const columns = ['limit', 'phase', 'used', 'answers', '429s', '429s per answer', 'failed calls'];
    return [{ title: 'Unknown limits', columns, rows }, await uncontended()];
  },
};

async function measure(name: string, limits: SimulatorLimits): Promise<string[][]> {
  await using simulator = await createSimulator({ limits, rememberRequests: 0 });
  await using limiter = createLimiter();
  const totals: Totals = { answers: 0, rejections: 0, failures: 0, tokens: 0 };
  const stop = new AbortController();
  // The simulator counts 4 characters as a token, and 4 tokens more per message; the other 3 are its reply template's.
  const body = JSON.stringify({
    model: 'gpt-5-mini',
    max_tokens: OUTPUT_TOKENS,
    messages: [{ role: 'user', content: 'tide '.repeat(((TOKENS - OUTPUT_TOKENS - 7) * 4) / 5) }],
  });
  const url = `${simulator.openaiBaseUrl}/chat/completions`;
  const callers = Array.from({ length: CALLERS }, () => call(limiter, url, body, totals, stop.signal));
  const found: string[][] = [];
  for (const [phase, factor] of [
    ['start', 1],
    ['halved', 0.5],
    ['doubled', 1],
  ] as const) {
    simulator.setLimits(scaled(limits, factor));
    const before = { ...totals };
    const phaseMs = limits.announce === false ? LONG_PHASE_MS : PHASE_MS;
    await new Promise((resolve) => setTimeout(resolve, phaseMs));
    found.push(row(name, phase, before, totals, scaled(limits, factor), phaseMs));
  }
  stop.abort();
  await Promise.all(callers);
  return found;
}

async function call(
  limiter: Limiter,
  url: string,
  body: string,
  totals: Totals,
  signal: AbortSignal,
): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  while (!signal.aborted) {
    try {
      using lease = await limiter.acquire({ key: KEY, inputTokens: TOKENS - OUTPUT_TOKENS, signal });
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      const answer = (await response.json()) as {
        usage?: { prompt_tokens: number; completion_tokens: number };
      };
      if (response.status === 429) {
        totals.rejections += 1;
        limiter.recordRateLimit(KEY, response.headers);
      } else if (answer.usage !== undefined) {
        limiter.observe(KEY, response.headers);
        limiter.recordSuccess(KEY);
        lease.settle({
          inputTokens: answer.usage.prompt_tokens,
          outputTokens: answer.usage.completion_tokens,
        });
        totals.answers += 1;
        totals.tokens += answer.usage.prompt_tokens + answer.usage.completion_tokens;
      } else {
        totals.failures += 1;
      }
    } catch (error) {
      if (signal.aborted) return;
      totals.failures += 1;
      console.error(error);
    }
  }
}

function scaled(limits: SimulatorLimits, factor: number): SimulatorLimits {
  const { requestsPerMinute, tokensPerMinute } = limits;
  return {
    ...limits,
    ...(requestsPerMinute !== undefined && { requestsPerMinute: requestsPerMinute * factor }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute: tokensPerMinute * factor }),
  };
}

function row(
  name: string,
  phase: string,
  before: Totals,
  after: Totals,
  limits: SimulatorLimits,
  phaseMs: number,
): string[] {
  const answers = after.answers - before.answers;
  const rejections = after.rejections - before.rejections;
  const used = limits.tokensPerMinute === undefined ? answers : after.tokens - before.tokens;
  const quota = ((limits.tokensPerMinute ?? limits.requestsPerMinute ?? 0) * phaseMs) / 60_000;
  return [
    name,
    phase,
    `${((100 * used) / quota).toFixed(1)} %`,
    String(answers),
    String(rejections),
    (rejections / answers).toFixed(3),
    String(after.failures - before.failures),
  ];
}

async function uncontended(): Promise<Table> {
  const limited = { requestsPerMinute: 1e9, tokensPerMinute: 1e12, maxConcurrent: 100 };
  const rows = [
    ['no limits', await microsecondsPerLease(createLimiter())],
    ['requests, tokens and concurrency', await microsecondsPerLease(createLimiter({ limits: limited }))],
  ];
  return { title: 'acquire and settle, uncontended', columns: ['limits', 'µs, best of 5'], rows };
}

async function microsecondsPerLease(limiter: Limiter): Promise<string> {
  const rounds = 300_000;
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 5; repeat++) {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) {
      const lease = await limiter.acquire({ key: KEY, inputTokens: 100, outputTokens: 50 });
      lease.settle({ inputTokens: 90, outputTokens: 40 });
    }
    best = Math.min(best, ((performance.now() - start) * 1000) / rounds);
  }
  return best.toFixed(2);
}
