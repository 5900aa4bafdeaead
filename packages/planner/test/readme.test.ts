import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runReadmeExample } from '@ai-toolkit/processes/readme-example';
import { describe, expect, it } from 'vitest';
import { setUp } from './setup.js';

const readme = new URL('../README.md', import.meta.url);

describe('the README', () => {
  it('has an example that runs', async () => {
    const { stdout } = await runReadmeExample(new URL('..', import.meta.url), 'js');
    expect(stdout).toContain('done done done done done done');
    expect(stdout).toContain('6-code-generation-and-review.md');
  });

  it('shows a pipeline that is one', async () => {
    const [, toml = ''] = /```toml\n(.*?)```/su.exec(await readFile(readme, 'utf8')) ?? [];
    const { planner, project } = await setUp();
    await writeFile(join(project.path, 'pipeline.toml'), toml);
    expect(await planner.stagesOf(project.id)).toMatchObject([
      { id: 10, slug: 'brief', template: 'brief', needs: [] },
      { id: 20, template: 'own-letter', needs: [10], parameters: { variables: { tone: 'warm' } } },
    ]);
  });

  it('lists every error code', async () => {
    const source = await readFile(new URL('../src/plan-error.ts', import.meta.url), 'utf8');
    const codes = (text: string): string[] => [...new Set(text.match(/PLAN_[A-Z_]+/gu))].sort();
    const table = (await readFile(readme, 'utf8')).split('## Errors')[1] ?? '';
    expect(codes(table)).toEqual(codes(source));
  });
});
