import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import type { TokenCounts, UsageGroup, UsageReport } from '@ai-toolkit/usage';
import { expect, it } from 'vitest';
import { readJson } from './support/read-json.js';
import { createHome, type ServerProcess, startServerProcess } from './support/server-process.js';

/** Answers of these are whole, and the provider tells what they took. */
const wholeModels = ['gpt-4o-mini', 'claude-haiku-4-5', 'text-embedding-3-small'] as const;
/** A model of its own for what ends early: how many tokens such a call took, nobody tells. */
const brokenModel = 'gpt-4o';

const config = `
[prices."openai-compatible/*"]
inputUsd = 0.15
outputUsd = 0.6
`;

/** What callers were told that they were given without asking a provider. */
interface Given {
  saved: { input: number; output: number };
  brokenOff: number;
}

type Post = (path: string, body: object) => Promise<Response>;

function chat(content: string, more: object = {}): object {
  return { model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...more };
}

async function whole(response: Promise<Response>): Promise<void> {
  await (await response).text();
}

/** A whole answer with its usage, as a body or as events, and whether it came without asking. */
async function counted(given: Given, answer: Promise<Response>): Promise<void> {
  const response = await answer;
  const text = await response.text();
  if (!['HIT', 'COALESCED'].includes(response.headers.get('x-cache') ?? '')) return;
  given.saved.input += Number(/"prompt_tokens":(\d+)/.exec(text)?.[1]);
  given.saved.output += Number(/"completion_tokens":(\d+)/.exec(text)?.[1]);
}

/** Reads the beginning of a stream and leaves. */
async function left(answer: Promise<Response>): Promise<void> {
  const reader = (await answer).body?.getReader();
  await reader?.read();
  await reader?.cancel();
}

/** Many kinds of calls, all at once. */
async function load(post: Post, given: Given, round: string): Promise<void> {
  const each = <T>(count: number, work: (name: string) => Promise<T>): Promise<T>[] =>
    Array.from({ length: count }, (_, index) => work(`${round} ${index}`));
  const chats = '/v1/chat/completions';
  const slow = '[simulator-fault: chunk-delay=60] [simulator-answer: tokens=60; chunks=30]';
  const streamed = { stream: true, stream_options: { include_usage: true } };
  await Promise.all([
    ...each(8, (name) => whole(post(chats, chat(`Plain ${name}`)))),
    ...each(8, (name) => whole(post(chats, chat(`In pieces ${name}`, { stream: true })))),
    ...each(4, (name) => whole(post('/v1/responses', { model: 'gpt-4o-mini', input: `Response ${name}` }))),
    ...each(4, (name) =>
      whole(post('/v1/messages', { ...chat(`Message ${name}`), model: 'claude-haiku-4-5', max_tokens: 90 })),
    ),
    ...each(3, (name) =>
      whole(post('/v1/embeddings', { model: 'text-embedding-3-small', input: [`Vector ${name}`, 'same'] })),
    ),
    // Refused for good: nobody pays.
    ...each(3, (name) => whole(post(chats, chat(`Refused ${name} [simulator-fault: status=400]`)))),
    // Five who ask the same at once; a sixth leaves in the middle, and the others have their answer all the same.
    ...each(3, (name) =>
      Promise.all([
        ...Array.from({ length: 5 }, () =>
          counted(given, post(chats, chat(`Together ${name} ${slow}`, streamed))),
        ),
        left(post(chats, chat(`Together ${name} ${slow}`, streamed))),
      ]),
    ),
    ...each(4, (name) => {
      given.brokenOff += 1;
      return left(post(chats, chat(`Left ${name} ${slow}`, { stream: true, model: brokenModel })));
    }),
    ...each(4, (name) => {
      given.brokenOff += 1;
      const cut = '[simulator-answer: tokens=40] [simulator-fault: cut-after=5]';
      return whole(post(chats, chat(`Cut ${name} ${cut}`, { stream: true, model: brokenModel })));
    }),
  ]);
  await Promise.all(each(8, (name) => counted(given, post(chats, chat(`Plain ${name}`)))));
}

async function reportOf(url: string): Promise<UsageReport> {
  return readJson<UsageReport>(fetch(`${url}/api/usage?by=model`));
}

/** Resolves when the server has told the ledger of every call that it was asked for, and the provider is asked nothing. */
async function atRest({ url }: ServerProcess, simulator: Simulator): Promise<void> {
  await expect
    .poll(
      async () => {
        const metrics = await (await fetch(`${url}/metrics`)).text();
        return [/^ai_toolkit_inflight (\d+)$/m.exec(metrics)?.[1], simulator.stats().inFlight];
      },
      { timeout: 30_000, interval: 50 },
    )
    .toEqual(['0', 0]);
}

function billedOf({ groups }: UsageReport, model: string): TokenCounts | undefined {
  return groups.find(({ name }) => name === model)?.tokens.billed;
}

it('the ledger and the provider have counted the same tokens, whatever went wrong between', async () => {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await createSimulator());
  const home = stack.use(await createHome());
  await writeFile(join(home.path, 'config.toml'), config);
  const start = async (): Promise<ServerProcess> =>
    stack.use(
      await startServerProcess(home.path, {
        OPENAI_BASE_URL: simulator.openaiBaseUrl,
        ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
        ANTHROPIC_API_KEY: 'sk-ant-x',
      }),
    );
  const given: Given = { saved: { input: 0, output: 0 }, brokenOff: 0 };

  async function agree(server: ServerProcess): Promise<UsageGroup> {
    await atRest(server, simulator);
    const report = await reportOf(server.url);
    const { models } = simulator.stats();
    for (const model of wholeModels) {
      const { input, output } = models[model] ?? {};
      expect(billedOf(report, model), model).toEqual({ input, output });
    }
    expect(report.totals.tokens.saved).toEqual(given.saved);
    const broken = report.groups.find(({ name }) => name === brokenModel);
    if (broken === undefined) throw new Error(`The ledger has no ${brokenModel}.`);
    // Unknown, and not nothing: they are in no sum, and are told.
    expect(broken.cost).toMatchObject({ billedUsd: null, unpricedBilledCalls: given.brokenOff });
    expect(broken.calls).toBe(given.brokenOff);
    return broken;
  }

  const postTo =
    ({ url }: ServerProcess): Post =>
    (path, body) =>
      fetch(url + path, { method: 'POST', body: JSON.stringify(body) });

  const first = await start();
  // Some are refused at first and asked again; some say how long to wait.
  simulator.setFaults(
    'status=500; probability=0.15; seed=3; model=gpt-4o-mini; times=6',
    'status=429; retry-after=20; retry-after-style=ms; probability=0.2; seed=5; model=claude-*; times=3',
  );
  await load(postTo(first), given, 'first');
  simulator.clearFaults();
  await load(postTo(first), given, 'second');
  await agree(first);
  const attempts = Object.values(simulator.stats().routes).reduce((sum, { failed }) => sum + failed, 0);
  expect(attempts + simulator.stats().rateLimited, 'something was asked again').toBeGreaterThan(0);

  // Killed in the middle of answers: they are lost with it, and nothing that was written is.
  const open = Array.from({ length: 4 }, async (_, index) => {
    const slow = '[simulator-fault: chunk-delay=40] [simulator-answer: tokens=200; chunks=100]';
    const answer = await postTo(first)(
      '/v1/chat/completions',
      chat(`Killed ${index} ${slow}`, { stream: true, model: brokenModel }),
    );
    const reader = answer.body?.getReader();
    await reader?.read();
    return reader;
  });
  const readers = await Promise.all(open);
  expect(await first.end('SIGKILL')).toBe('SIGKILL');
  for (const reader of readers) await reader?.cancel().catch(() => undefined);

  const second = await start();
  await agree(second);
  await load(postTo(second), given, 'third');
  // The first rounds are asked again: what the killed server has stored is replayed.
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      counted(given, postTo(second)('/v1/chat/completions', chat(`Plain first ${index}`))),
    ),
  );
  await agree(second);

  expect(await second.end('SIGTERM')).toBe(0);
  const third = await start();
  await agree(third);
}, 180_000);
