import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = join(root, 'node_modules', '.bin', 'tsc');

/** A foreign project with one of our packages in it, installed by npm from its tarball. */
async function foreignProject(name: string): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-foreign-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(root, 'packages', name),
  });
  const packed: unknown = JSON.parse(stdout);
  const [tarball] = Object.values(packed as Record<string, { filename: string }>);
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'foreign', private: true, type: 'module' }),
  );
  await run('npm', ['install', '--no-audit', '--no-fund', `./${tarball?.filename}`, '@types/node'], {
    cwd: folder,
  });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** The TypeScript blocks of a package's README that import it. */
async function examples(name: string): Promise<string[]> {
  const readme = await readFile(join(root, 'packages', name, 'README.md'), 'utf8');
  return [...readme.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code = '']) => code)
    .filter((code) => code.includes(`from '@ai-toolkit/${name}'`) && !code.includes("from 'keyv'"));
}

describe('the packed core-cache in a foreign project', () => {
  it('brings nothing else of ours, resolves its types, and runs what its README shows', {
    timeout: 120_000,
  }, async () => {
    await using project = await foreignProject('core-cache');
    expect(await readdir(join(project.folder, 'node_modules', '@ai-toolkit'))).toEqual(['core-cache']);
    const codes = await examples('core-cache');
    expect(codes.length).toBeGreaterThan(0);
    for (const [index, code] of codes.entries()) {
      const file = `example-${index}.ts`;
      await writeFile(join(project.folder, file), code);
      const flags = ['--noEmit', '--strict', '--target', 'es2024', '--types', 'node'];
      for (const module of [
        ['--module', 'nodenext'],
        ['--module', 'esnext', '--moduleResolution', 'bundler'],
      ]) {
        await run(tsc, [...flags, ...module, file], { cwd: project.folder });
      }
      await run(process.execPath, [file], { cwd: project.folder, timeout: 20_000 });
    }
  });
});
