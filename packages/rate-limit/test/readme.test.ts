import { readFile } from 'node:fs/promises';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { createLimiter, type Limiter } from '../src/limiter.js';
import { retry } from '../src/retry/retry.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

/** Runs a code block with these names in scope. */
function run(body: string, ...scope: readonly (readonly [string, unknown])[]): Promise<unknown> {
  const AsyncFunction = (async () => undefined).constructor as new (
    ...args: string[]
  ) => (...values: unknown[]) => Promise<unknown>;
  return new AsyncFunction(...scope.map(([name]) => name), body)(...scope.map(([, value]) => value));
}

describe('the README', () => {
  it('shows an example that prints what it says', async () => {
    const code = /```js\n(.*?)```\n\nprints `(.*?)` and `(.*?)`/s.exec(readme);
    expect(code).not.toBeNull();
    const body = (code?.[1] ?? '').replace(/^import .*$/m, '');
    const printed: unknown[] = [];
    const output = { log: (line: unknown) => printed.push(line) };
    await run(body, ['createLimiter', createLimiter], ['console', output]);
    expect(printed.map(String)).toEqual(code?.slice(2));
  });

  it('shows a fetch for the plain SDK that learns the limits, survives faults and gives up on exhausted credit', async () => {
    const code = /```js\n(import OpenAI.*?)```/s.exec(readme)?.[1] ?? '';
    const body = `${code.replace(/^import .*$/gm, '').replace('export const', 'const')}\nreturn { openai, limiter };`;
    await using simulator = await createSimulator({ limits: { requestsPerMinute: 2400, burstMs: 500 } });
    vi.stubEnv('OPENAI_BASE_URL', simulator.openaiBaseUrl);
    vi.stubEnv('OPENAI_API_KEY', 'none');
    const shown = await run(body, ['OpenAI', OpenAI], ['createLimiter', createLimiter], ['retry', retry]);
    const { openai, limiter } = shown as { openai: OpenAI; limiter: Limiter };
    const ask = (content: string) =>
      openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] });
    simulator.setFaults(
      { status: 503, times: 1 },
      { status: 429, retryAfterMs: 100, retryAfterStyle: ['ms'], times: 1 },
    );
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => ask(`question ${index}`)));
    expect(answers.every(({ choices }) => choices.length === 1)).toBe(true);
    const learned = limiter.snapshot().keys['openai:gpt-5-mini'];
    // What the header told, or a little less where a 429 came in spite of it.
    expect(learned?.limits.requestsPerMinute?.limit).toBeLessThanOrEqual(2400);
    expect(learned).toMatchObject({
      learned: true,
      counts: { failed: 1 },
      concurrency: { used: 0 },
    });
    expect(simulator.stats().requests).toBeLessThan(50);
    simulator.setFaults({ error: 'insufficient_quota' });
    await expect(ask('one more')).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
    expect(
      simulator.requests().filter((request) => JSON.stringify(request).includes('one more')),
    ).toHaveLength(1);
    vi.unstubAllEnvs();
  });

  it('names every error code', async () => {
    const source = await readFile(new URL('../src/errors.ts', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/\| '(LIMIT_[A-Z_]+)'/g)].map(([, code = '']) => code);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(readme).toContain(`\`${code}\``);
  });
});
