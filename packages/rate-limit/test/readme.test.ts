import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LIMIT_ERROR_CODES } from '../src/errors.js';
import { createLimiter } from '../src/limiter.js';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows an example that prints what it says', async () => {
    const code = /```js\n(.*?)```\n\nprints `(.*?)` and `(.*?)`/s.exec(readme);
    expect(code).not.toBeNull();
    const body = (code?.[1] ?? '').replace(/^import .*$/m, '');
    const printed: unknown[] = [];
    const AsyncFunction = (async () => undefined).constructor as new (
      ...args: string[]
    ) => (limiter: typeof createLimiter, output: { log: (line: unknown) => void }) => Promise<void>;
    await new AsyncFunction('createLimiter', 'console', body)(createLimiter, {
      log: (line) => printed.push(line),
    });
    expect(printed.map(String)).toEqual(code?.slice(2));
  });

  it('names every error code', () => {
    for (const code of LIMIT_ERROR_CODES) expect(readme).toContain(`\`${code}\``);
  });
});
