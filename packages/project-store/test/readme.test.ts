import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const readme = new URL('../README.md', import.meta.url);
const run = promisify(execFile);

describe('the README', () => {
  it('has an example that runs', async () => {
    const [, example = ''] = /```js\n(.*?)```/su.exec(await readFile(readme, 'utf8')) ?? [];
    const cwd = new URL('..', import.meta.url);
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', example], { cwd });
    expect(stdout).toContain('First, the tide tables.');
    expect(stdout).toContain('tide-clock');
  });

  it('has an example of a watch that runs', async () => {
    const [, example = ''] =
      /## Changes as they happen\n\n```js\n(.*?)```/su.exec(await readFile(readme, 'utf8')) ?? [];
    const cwd = new URL('..', import.meta.url);
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', example], { cwd });
    expect(stdout).toMatch(/^created tide-clock-\w+ undefined\nchanged tide-clock-\w+ \[ 'facts' \]\n$/u);
  });

  it('lists every error code', async () => {
    const source = await readFile(new URL('../src/store-error.ts', import.meta.url), 'utf8');
    const codes = (text: string): string[] => [...new Set(text.match(/STORE_[A-Z_]+/gu))].sort();
    const table = (await readFile(readme, 'utf8')).split('## Errors')[1] ?? '';
    expect(codes(table)).toEqual(codes(source));
  });
});
