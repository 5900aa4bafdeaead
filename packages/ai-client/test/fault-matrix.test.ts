import { createSimulator } from '@ai-toolkit/llm-simulator';
import { createLimiter, LimitError } from '@ai-toolkit/rate-limit';
import { describe, expect, it } from 'vitest';
import {
  AiError,
  anthropicProvider,
  type CallRecord,
  createPipeline,
  type ExchangeRequest,
  openaiProvider,
  type Surface,
} from '../src/index.js';
import { looksWhole } from './support/looks-whole.js';
import { run } from './support/run-exchange.js';

/** Every way in which the simulator can misbehave, each at the places where it may matter. */
const faults = [
  ...[400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529].map(
    (s) => `status=${s}; retry-after=1; retry-after-style=ms`,
  ),
  'status=429; error=insufficient_quota',
  'status=503; should-retry=false',
  'reset',
  'hang',
  ...[0, 1, 3, 1000].flatMap((n) => [
    `cut-after=${n}`,
    `end-after=${n}`,
    `error-after=${n}`,
    `garbage-after=${n}`,
  ]),
  'error-after=0; error=overloaded_error',
  ...[0, 2].map((n) => `hang-after=${n}`),
  'no-terminal',
  'no-finish-reason',
  'no-terminal; no-finish-reason',
  'no-usage',
  'empty-choices',
  'content-filter',
  'error-body',
  'truncate',
  'content-type=text/html',
  'split=byte',
  'split=random; split-seed=3',
  'frames-per-write=7',
  'crlf',
  'comments',
  'bom',
  'delay=5',
  'chunk-delay=1',
];

/** `translated`: chat completions of a provider that speaks messages. */
const kinds = ['chat', 'responses', 'messages', 'translated'] as const;
const switches = [false, true];

interface Case {
  readonly kind: (typeof kinds)[number];
  readonly streamed: boolean;
  readonly cached: boolean;
  readonly retried: boolean;
  readonly fault: string;
  /** The fault strikes once, or each time. */
  readonly once: boolean;
}

function requestFor({ kind, streamed, cached }: Case, idleTimeoutMs: number): ExchangeRequest {
  const prompt = 'Say a few words [simulator-answer: tokens=24; chunks=6]';
  const stream = streamed ? { stream: true } : {};
  const bodies: Record<Case['kind'], Record<string, unknown>> = {
    chat: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }] },
    responses: { model: 'gpt-4o-mini', input: prompt },
    messages: { model: 'claude-opus-5', max_tokens: 100, messages: [{ role: 'user', content: prompt }] },
    translated: { model: 'claude-opus-5', messages: [{ role: 'user', content: prompt }] },
  };
  return {
    surface: surfaceOf(kind),
    body: Buffer.from(JSON.stringify({ ...bodies[kind], ...stream })),
    cache: cached ? {} : { read: false, store: false },
    idleTimeoutMs,
  };
}

/** With a server that hangs, and with one that answers on a machine that may be busy, ms. */
const patienceMs = { hanging: 400, answering: 20_000 };

function surfaceOf(kind: Case['kind']): Surface {
  return kind === 'translated' ? 'chat' : kind;
}

/** Runs a case, and returns what is wrong with how it went. */
async function problemsOf(test: Case): Promise<string[]> {
  const { kind, streamed, cached, retried, fault, once } = test;
  const surface = surfaceOf(kind);
  await using simulator = await createSimulator({ faults: [once ? `${fault}; times=1` : fault] });
  // Feeling the way after a 429 takes seconds, and is the limiter's own to test.
  const limiter = createLimiter({ adaptive: false });
  const records: CallRecord[] = [];
  await using pipeline = createPipeline({
    providers: [openaiProvider(simulator.openaiBaseUrl), anthropicProvider(simulator.anthropicBaseUrl)],
    limiter,
    maxRetries: retried ? 1 : 0,
    onCall: (record) => records.push(record),
  });
  const problems: string[] = [];
  const expectThat = (holds: boolean, what: string): void => {
    if (!holds) problems.push(`${JSON.stringify(test)}: ${what}`);
  };

  const { head, text, error } = await run(
    pipeline,
    requestFor(test, fault.startsWith('hang') ? patienceMs.hanging : patienceMs.answering),
  );
  const whole = error === undefined && head?.status === 200 && looksWhole(surface, streamed, text);
  const asked = simulator.stats().requests;
  const [record] = records;

  // The error.
  expectThat(
    error === undefined || AiError.isInstance(error) || LimitError.isInstance(error),
    `threw ${String(error)}`,
  );
  expectThat(
    (error === undefined) === (record?.errorCode === undefined),
    'the record does not tell of the error',
  );
  if (once && retried && asked > 1) expectThat(whole, 'asked again without an answer');
  if (!retried) expectThat(asked <= 1, `asked ${asked} times without retries`);
  if (error !== undefined && streamed && !text.includes('[DONE]'))
    expectThat(!looksWhole(surface, true, text), 'a whole stream failed');

  // The ledger.
  expectThat(records.length === 1, `${records.length} records`);
  const failed = error !== undefined || (head?.status ?? 0) >= 400;
  expectThat(!whole || record?.status === 'ok', `a whole answer is recorded as ${record?.status}`);
  expectThat(!failed || record?.status === 'error', `a failure is recorded as ${record?.status}`);
  expectThat(record?.httpStatus === head?.status, 'the record has another status');
  expectThat(record?.attempts === (head?.attempts ?? record?.attempts), 'the record has other attempts');
  // What a provider counts for an answer that it cut off itself is not known.
  if (whole && asked === 1 && !fault.includes('no-usage'))
    expectThat(
      record?.usage?.outputTokens === simulator.stats().tokens.output,
      'the record has other tokens',
    );

  // Nothing is left behind.
  expectThat(pipeline.stats().openCalls === 0 && pipeline.stats().sharedFlights === 0, 'a call is left open');
  expectThat(
    Object.values(limiter.snapshot().keys).every(
      ({ concurrency, queue }) => concurrency.used === 0 && queue.depth === 0,
    ),
    'a slot is left taken',
  );

  // What is in the cache.
  simulator.clearFaults();
  const again = await run(pipeline, requestFor(test, patienceMs.answering));
  const expected = cached ? (whole ? 'hit' : 'miss') : 'bypass';
  const found = again.head?.cache ?? (LimitError.isInstance(again.error) ? expected : String(again.error));
  expectThat(
    found === expected,
    `asked again, it is a ${found} and not a ${expected}: ${head?.status} ${String(error)} ${text.slice(0, 200)}`,
  );
  if (found === 'hit') expectThat(again.text === text, 'the stored answer is another one');
  limiter.close();
  return problems;
}

describe('every fault', () => {
  for (const kind of kinds) {
    for (const streamed of switches) {
      it(`${kind}, ${streamed ? 'streamed' : 'not streamed'}: right error, right cache, right ledger, no leak`, async () => {
        const cases = faults.flatMap((fault) =>
          switches.flatMap((cached) =>
            [
              { retried: false, once: false },
              { retried: true, once: true },
              { retried: true, once: false },
            ].map((how): Case => ({ kind, streamed, cached, fault, ...how })),
          ),
        );
        const problems: string[] = [];
        const worker = async (): Promise<void> => {
          for (let next = cases.shift(); next !== undefined; next = cases.shift())
            problems.push(...(await problemsOf(next)));
        };
        await Promise.all(Array.from({ length: 64 }, worker));
        expect(problems).toEqual([]);
      });
    }
  }
});
