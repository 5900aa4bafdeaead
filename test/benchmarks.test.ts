import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const root = new URL('../benchmarks/', import.meta.url);

interface ReportModule {
  renderReport(): Promise<{ readonly page: string; readonly plots: ReadonlyMap<string, string> }>;
}

it('benchmarks/RESULTS.md and its plots are what the last runs returned', async () => {
  const { renderReport } = (await import(new URL('support/report.ts', root).href)) as ReportModule;
  const { page, plots } = await renderReport();
  const remedy = 'run: node benchmarks/run.ts report';
  expect(await readFile(new URL('RESULTS.md', root), 'utf8'), remedy).toBe(page);
  for (const [file, text] of plots)
    expect(await readFile(new URL(`plots/${file}`, root), 'utf8').catch(() => ''), remedy).toBe(text);
});
