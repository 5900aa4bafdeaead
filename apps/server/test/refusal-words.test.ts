import { expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createStage, type Stage } from './support/stage.js';

interface Refused {
  readonly code: string;
  readonly message: string;
}

async function refusal(answer: ReturnType<typeof ask>): Promise<Refused & { readonly status: number }> {
  const { status, text, headers } = await answer;
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  const { error } = JSON.parse(text) as { error: Refused };
  return { ...error, status };
}

/** Holds the only call that may be under way until the body of the block has run. */
async function whileBusy({ url, simulator }: Stage, run: () => Promise<void>): Promise<void> {
  simulator.setFaults('hang');
  const leaving = new AbortController();
  const busy = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Busy' }] }),
    signal: leaving.signal,
  }).catch(() => undefined);
  await expect.poll(() => simulator.requests().length).toBe(1);
  await run();
  leaving.abort();
  await busy;
}

it.each([
  ['LIMIT_WAIT_TOO_LONG', 429, 'maxWaitMs = 0'],
  ['LIMIT_QUEUE_FULL', 429, 'maxQueue = 0'],
])('%s is told in words of HTTP, and without what others do', async (code, status, setting) => {
  await using stage = await createStage({ config: `[limits]\nmaxConcurrent = 1\n${setting}\n` });
  await whileBusy(stage, async () => {
    const refused = await refusal(ask(stage.url, 'Turned away'));
    expect(refused).toMatchObject({ code, status });
    expect(refused.message).toMatch(/time in Retry-After/);
    expect(refused.message).not.toMatch(/\d|[a-z][A-Z]|openai-compatible/);
  });
});

it('LIMIT_CIRCUIT_OPEN is told in words of HTTP', async () => {
  await using stage = await createStage();
  stage.simulator.setFaults('status=500');
  for (let round = 0; round < 5; round++) await ask(stage.url, `Fails ${round}`);
  const refused = await refusal(ask(stage.url, 'Left alone'));
  expect(refused).toMatchObject({ code: 'LIMIT_CIRCUIT_OPEN', status: 503 });
  expect(refused.message).toMatch(/time in Retry-After/);
  expect(refused.message).not.toMatch(/\d|[a-z][A-Z]|openai-compatible/);
});
