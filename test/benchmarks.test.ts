import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const root = new URL('../benchmarks/', import.meta.url);

interface ReportModule {
  renderReport(): Promise<{ readonly page: string; readonly plots: ReadonlyMap<string, string> }>;
}

interface JudgeModule {
  judgeBound(
    bound: object,
    result: object,
  ): readonly { readonly what: string; readonly measured: number; readonly holds: boolean }[];
}

it('a bound is about the worst of its figures, and is not held where there are none', async () => {
  const { judgeBound } = (await import(new URL('support/judge-bound.ts', root).href)) as JudgeModule;
  const bound = { suite: 'soak', but: 'a peer', column: 'difference', most: 0 };
  const judge = (...cells: readonly string[]): unknown => {
    const rows = [...cells.map((cell, index) => [`row ${index}`, cell]), ['a peer', '7']];
    return judgeBound(bound, { tables: [{ title: 'Counts', columns: ['what', 'difference'], rows }] });
  };
  expect(judge('0', '0')).toMatchObject([{ measured: 0, holds: true }]);
  expect(judge('0', '3')).toMatchObject([{ measured: 3, holds: false }]);
  expect(judge('', 'NaN')).toMatchObject([
    { what: 'Counts: every row but a peer', measured: Number.NaN, holds: false },
  ]);
});

it('benchmarks/RESULTS.md and its plots are what the last runs returned', async () => {
  const { renderReport } = (await import(new URL('support/report.ts', root).href)) as ReportModule;
  const { page, plots } = await renderReport();
  const remedy = 'run: node benchmarks/run.ts report';
  expect(await readFile(new URL('RESULTS.md', root), 'utf8'), remedy).toBe(page);
  for (const [file, text] of plots)
    expect(await readFile(new URL(`plots/${file}`, root), 'utf8').catch(() => ''), remedy).toBe(text);
});
