import { join } from 'node:path';
import { createLedger } from '@ai-toolkit/usage';
import { createKey } from '../../support/keys.js';
import type { Dashboard } from './dashboard.js';

/** As long as names of models get: hosts of open models put paths into them. */
const longModel = 'accounts/fireworks/models/llama-v3p1-405b-instruct-long-context-2026-02-01';
const longKey = 'Nightly evaluation of the customer support assistant (staging, Europe)';
const longWord = 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft';

/** What a server has that was in use for a while: settings for `startDashboard`. */
export const filledConfig: string = `
[cache]
keepRequests = true
[limits]
requestsPerMinute = 6000
tokensPerMinute = 9000000
[prices."openai-compatible/${longModel}"]
inputUsd = 3
outputUsd = 15
`;

export interface Filled {
  /** Of calls with these outcomes. */
  readonly requestIds: Readonly<Record<'miss' | 'hit' | 'coalesced' | 'error', string>>;
  /** Of a stored answer. */
  readonly cacheKey: string;
  readonly projectId: string;
}

/** Requests of every outcome, budgets used up to different degrees, and names and prompts that are too long for a line. */
export async function fill(dashboard: Dashboard): Promise<Filled> {
  await recordOutcomes(dashboard);
  await spendBudgets(dashboard);
  const projectId = await makeProjects(dashboard);
  const { requestIds, cacheKey } = await askOfEveryKind(dashboard);
  return { requestIds, cacheKey, projectId };
}

const outcomes = ['hit', 'miss', 'coalesced', 'stale', 'semantic', 'refresh', 'bypass'] as const;

/** Enough of them for a list of which only a part is drawn. */
async function recordOutcomes({ home }: Dashboard): Promise<void> {
  const count = 260;
  await using ledger = createLedger({ path: join(home, 'usage', 'ledger.sqlite'), hitRowsPerSecond: count });
  for (let index = 0; index < count; index++) {
    const isError = index % 20 === 0;
    ledger.record({
      requestId: `made-${index}`,
      // Some of another day, whose times are longer.
      startedAt: Date.now() - index * 1_200_000,
      surface: 'chat',
      provider: 'openai-compatible',
      model: index % 3 === 0 ? longModel : 'gpt-4o-mini',
      tenant: 'evaluation-of-answers',
      streamed: index % 2 === 0,
      cache: outcomes[index % outcomes.length] ?? 'miss',
      status: isError ? 'error' : index % 33 === 0 ? 'aborted' : 'ok',
      ...(isError ? { errorCode: 'AI_CONTEXT_LENGTH_EXCEEDED' } : {}),
      usage: { inputTokens: 123_456, outputTokens: 98_765, cachedInputTokens: 0, reasoningTokens: 0 },
      durationMs: index % 5 === 0 ? 754_000 : 0.4 + index,
      upstreamMs: 900,
      attempts: 1,
    });
  }
}

/** One call costs some thousandths of a cent. */
async function spendBudgets({ home, ask }: Dashboard): Promise<void> {
  const limits = { requestsPerMinute: 120_000, tokensPerMinute: 250_000_000 };
  const spenders = [
    { name: longKey, tenant: 'evaluation-of-answers', budget: { usd: 0.0005, per: 'month' }, ...limits },
    { name: longWord, tenant: 'a', budget: { usd: 0.000_02, per: 'day' }, requestsPerMinute: 12 },
    { name: 'Of old', tenant: 'b', budget: { usd: 125_000, per: 'total' }, tokensPerMinute: 90_000 },
  ] as const;
  for (const options of spenders) {
    const secret = await createKey(home, options);
    for (let call = 0; call < 3; call += 1)
      await ask(`Spend it ${call}`, { max_tokens: 5 }, { authorization: `Bearer ${secret}` });
  }
  await createKey(home, { name: 'Unused', budget: { usd: 1234.56, per: 'month' } });
  await createKey(home, {
    name: 'Of many models',
    models: [longModel, 'claude-*', 'text-embedding-3-small'],
  });
  await createKey(home, { name: 'Of an administrator', role: 'admin' });
  await createKey(home, { name: 'For a month', expiresAt: Date.now() + 30 * 86_400_000 });
}

async function makeProjects({ url, adminKey }: Dashboard): Promise<string> {
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const post = async (method: string, path: string, body: unknown): Promise<string> => {
    const response = await fetch(`${url}/api/projects${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    const { project } = (await response.json()) as { project?: { id: string } };
    return project?.id ?? '';
  };
  await post('POST', '', { name: 'Tide clock', idea: 'A clock.', tags: ['sea', 'clocks'] });
  const id = await post('POST', '', {
    name: `${longWord} and how it came about`,
    description: `About ${longWord}. ${longKey}.`,
    tags: ['a-tag-that-is-rather-long-for-a-tag', 'sea', 'clocks', 'harbours'],
    idea: `# An idea\n\n${longWord}\n\n${longKey}`,
  });
  const text = `# Plan\n\n${longWord}\n\n| a | b | c |\n|-|-|-|\n| ${longWord} | ${longKey} | ${longKey} |\n\n\`\`\`\n${longKey.repeat(3)}\n\`\`\`\n`;
  await post('PUT', `/${id}/stages/1`, { text });
  await post('PUT', `/${id}/stages/1`, { text: text.replace('Plan', 'Plans') });
  return id;
}

async function askOfEveryKind({ ask, simulator }: Dashboard): Promise<Omit<Filled, 'projectId'>> {
  const prompt = `${longWord} `.repeat(40);
  const idOf = ({ headers }: Awaited<ReturnType<Dashboard['ask']>>) => headers.get('x-request-id') ?? '';
  const long = await ask(prompt, { model: longModel });
  const hit = await ask(prompt, { model: longModel });
  const miss = await ask(`${prompt}?`, { model: longModel, stream: true });
  await ask('Fresh', {}, { 'cache-control': 'no-cache' });
  simulator.setFaults('delay=400');
  const both = await Promise.all([
    ask('At once', { model: longModel }),
    ask('At once', { model: longModel }),
  ]);
  const coalesced = both.find(({ cache }) => cache === 'COALESCED');
  simulator.setFaults('status=429; retry-after=1; retry-after-style=ms; times=1');
  await ask('Turned away once', { model: longModel });
  simulator.setFaults('status=400; times=1');
  const error = await ask('Refused', { model: longModel });
  simulator.setFaults('status=500');
  for (let round = 0; round < 3; round += 1) await ask(`Fails ${round}`);
  simulator.clearFaults();
  return {
    requestIds: {
      miss: idOf(miss),
      hit: idOf(hit),
      coalesced: idOf(coalesced ?? long),
      error: idOf(error),
    },
    cacheKey: long.headers.get('x-cache-key') ?? '',
  };
}
