import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

interface ReliabilityModule {
  renderReliability(): Promise<string>;
}

it('docs/reliability.md has every scenario of faults, with its promise and its last result', async () => {
  const source = new URL('faults/support/reliability.ts', root).href;
  const { renderReliability } = (await import(source)) as ReliabilityModule;
  const written = await readFile(new URL('docs/reliability.md', root), 'utf8');
  expect(written, 'run: npx pnpm@12.21.0 faults NAME').toBe(await renderReliability());
  expect(written, 'a scenario was not played yet').not.toContain('not played yet');
});
