import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createLimiter } from '../src/limiter.js';
import { type RetryOptions, retry } from '../src/retry/retry.js';
import { FakeClock } from './support/fake-clock.js';

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

  it('shows a wrapper of an SDK that survives a 429 and gives up on exhausted credit', async () => {
    const code = /```js\n(import OpenAI.*?)```/s.exec(readme)?.[1] ?? '';
    const body = `${code.replace(/^import .*$/gm, '').replace('export function', 'function')}\nreturn chat;`;
    const clock = new FakeClock();
    const answers = [
      { status: 429, code: 'rate_limit_exceeded', headers: new Headers({ 'retry-after': '2' }) },
      { usage: { prompt_tokens: 3, completion_tokens: 4 } },
      { status: 429, code: 'insufficient_quota', headers: new Headers() },
    ];
    class FakeOpenAI {
      static APIConnectionError = class extends Error {};
      chat = { completions: { create: () => ({ withResponse: () => this.#answer() }) } };
      async #answer(): Promise<unknown> {
        const answer = answers.shift();
        if (answer === undefined || 'status' in answer) throw Object.assign(new Error('refused'), answer);
        return { data: answer, response: { headers: new Headers() } };
      }
    }
    const chat = (await run(
      body,
      ['OpenAI', FakeOpenAI],
      ['createLimiter', () => createLimiter({ clock })],
      [
        'retry',
        (attempt: () => Promise<unknown>, options: RetryOptions) => retry(attempt, { ...options, clock }),
      ],
    )) as () => Promise<unknown>;
    const answered = chat();
    await clock.advance(10_000);
    expect(await answered).toEqual({ usage: { prompt_tokens: 3, completion_tokens: 4 } });
    const refused = chat().catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await refused).toMatchObject({ code: 'insufficient_quota' });
  });

  it('names every error code', async () => {
    const source = await readFile(new URL('../src/errors.ts', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/\| '(LIMIT_[A-Z_]+)'/g)].map(([, code = '']) => code);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(readme).toContain(`\`${code}\``);
  });
});
