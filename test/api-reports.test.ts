import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

interface Reports {
  apiReports(): Promise<readonly { readonly path: string; readonly text: string }[]>;
}

it('packages/*/api says what can be imported from each package', async () => {
  const { apiReports } = (await import(new URL('scripts/api-reports.ts', root).href)) as Reports;
  const reports = await apiReports();
  expect(reports.length).toBeGreaterThan(15);
  for (const { path, text } of reports) {
    const written = await readFile(new URL(path, root), 'utf8').catch(() => '');
    expect(written, `${path}: if that is meant, run npx pnpm@12.21.0 api, and look at what it changes`).toBe(
      text,
    );
  }
  const files = await readdir(new URL('packages/', root), { recursive: true });
  const kept = files
    .filter((file) => /^[^/]+\/api\/[^/]+\.api\.md$/.test(file))
    .map((file) => `packages/${file}`);
  expect(kept.sort()).toEqual(reports.map(({ path }) => path).sort());
});
