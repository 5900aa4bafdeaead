import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, setUp } from '../setup.js';
import { temporaryFolder } from '../temporary.js';

const hostile = [
  '# Plan <script>alert(1)</script>',
  '',
  '<img src=x onerror=alert(1)>',
  '',
  '[run](javascript:alert(1)) ![seen](https://example.com/pixel.png)',
  '',
  '| a | b |',
  '| - | - |',
  '| 1 | `<b>` |',
  '',
].join('\n');

describe('export', () => {
  it('writes each document as it is', async () => {
    const { planner, project } = await setUp();
    const dir = join(await temporaryFolder(), 'new', 'folder');
    await collect(planner.run(project.id, { stages: [1, 2] }));
    const result = await planner.export(project.id, dir);
    expect(result).toMatchObject({ dir, format: 'md', missing: [3, 5, 4, 6].toSorted() });
    expect(result.files.map(({ path, action }) => [path, action])).toEqual([
      ['index.md', 'create'],
      ['idea.md', 'create'],
      ['1-initial-plan.md', 'create'],
      ['2-architecture-design.md', 'create'],
    ]);
    const document = await planner.document(project.id, 1);
    expect(await readFile(join(dir, '1-initial-plan.md'), 'utf8')).toBe(document?.text);
    expect(await readFile(join(dir, 'index.md'), 'utf8')).toContain('[1. Initial Plan](1-initial-plan.md)');
  });

  it('writes no file over another, unless told to', async () => {
    const { planner, project } = await setUp();
    const dir = await temporaryFolder();
    await collect(planner.run(project.id, { stages: [1] }));
    await planner.export(project.id, dir);
    expect((await planner.export(project.id, dir)).files.map(({ action }) => action)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    await writeFile(join(dir, '1-initial-plan.md'), 'mine');
    await expect(planner.export(project.id, dir)).rejects.toMatchObject({
      code: 'PLAN_EXTRACT_CONFLICT',
      message: expect.stringContaining('1-initial-plan.md'),
    });
    expect(await readFile(join(dir, '1-initial-plan.md'), 'utf8')).toBe('mine');
    await planner.export(project.id, dir, { force: true });
    expect(await readFile(join(dir, '1-initial-plan.md'), 'utf8')).not.toBe('mine');
  });

  it('writes nothing at all when a symbolic link is in the way, not even by force', async () => {
    const { planner, project } = await setUp();
    await collect(planner.run(project.id, { stages: [1] }));
    const [dir, outside] = [await temporaryFolder(), await temporaryFolder()];
    await symlink(join(outside, 'elsewhere'), join(dir, 'idea.md'));
    await expect(planner.export(project.id, dir, { force: true })).rejects.toMatchObject({
      code: 'PLAN_EXTRACT_CONFLICT',
      message: expect.stringContaining('idea.md'),
      hint: expect.stringContaining('Nothing was written.'),
    });
    expect(await readdir(dir)).toEqual(['idea.md']);
    expect(await readdir(outside)).toEqual([]);
  });

  it('makes pages in which nothing of a document runs or is loaded', async () => {
    const { planner, project, store } = await setUp();
    await store.update(project.id, { name: 'Tide <b>Clock</b>' });
    await store.writeStage(project.id, { number: 1, slug: 'initial-plan' }, hostile);
    const dir = await temporaryFolder();
    await planner.export(project.id, dir, { format: 'html' });
    const page = await readFile(join(dir, '1-initial-plan.html'), 'utf8');
    expect(page).not.toMatch(/<script|<img src=x|href="javascript:/u);
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('<td><code>&lt;b&gt;</code></td>');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/img-src [^"]*https/u);
    const index = await readFile(join(dir, 'index.html'), 'utf8');
    expect(index).toContain('<h1>Tide &lt;b&gt;Clock&lt;/b&gt;</h1>');
    expect(index).toContain('<a href="1-initial-plan.html">1. Initial Plan</a>');
    expect(index).not.toContain('<script');
  });

  it('puts all texts and facts into one JSON file', async () => {
    const { planner, project } = await setUp({ estimateCost: () => 0.5 });
    await collect(planner.run(project.id, { stages: [1, 2] }));
    const dir = await temporaryFolder();
    const { files } = await planner.export(project.id, dir, { format: 'json' });
    expect(files.map(({ path }) => path)).toEqual(['tide-clock.json']);
    const content = JSON.parse(await readFile(join(dir, 'tide-clock.json'), 'utf8'));
    expect(content).toMatchObject({
      id: project.id,
      idea: 'A wall clock that shows the tide\n',
      stages: [
        { stage: 1, revision: 1, costUsd: 0.5, text: (await planner.document(project.id, 1))?.text },
        { stage: 2, needs: [1] },
      ],
    });
  });

  it('says so when there is nothing, or no such format', async () => {
    const { planner, project } = await setUp();
    const dir = await temporaryFolder();
    await expect(planner.export(project.id, dir)).rejects.toMatchObject({ code: 'PLAN_DEPENDENCY_UNMET' });
    await expect(planner.export(project.id, dir, { format: 'pdf' as 'md' })).rejects.toThrow(
      'md, html, json',
    );
    await collect(planner.run(project.id, { stages: [1] }));
    await mkdir(join(dir, 'idea.md'));
    await expect(planner.export(project.id, dir, { force: true })).rejects.toMatchObject({
      code: 'PLAN_EXTRACT_CONFLICT',
    });
  });
});
