import { readFile } from 'node:fs/promises';
import { runReadmeExample } from '@ai-toolkit/processes/readme-example';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url);
const readme = new URL('README.md', root);

describe('the README', () => {
  it('has an example that runs', async () => {
    const { stdout } = await runReadmeExample(root, 'js');
    expect(stdout).toContain('First, the tide tables.');
    expect(stdout).toContain('tide-clock');
  });

  it('has an example of a watch that runs', async () => {
    const { stdout } = await runReadmeExample(root, 'js', '## Watching for changes');
    expect(stdout).toMatch(/^created tide-clock-\w+ undefined\nchanged tide-clock-\w+ \[ 'facts' \]\n$/u);
  });

  it('lists every error code', async () => {
    const source = await readFile(new URL('../src/store-error.ts', import.meta.url), 'utf8');
    const codes = (text: string): string[] => [...new Set(text.match(/STORE_[A-Z_]+/gu))].sort();
    const table = (await readFile(readme, 'utf8')).split('## Errors')[1] ?? '';
    expect(codes(table)).toEqual(codes(source));
  });
});
