import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalRegistry, type LocalRegistry, onlyFile } from './support/local-registry.js';
import { published, publishNeeded } from './support/published.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const coreCache = join(root, 'packages', 'core-cache');

interface Manager {
  readonly name: string;
  /** Adds core-cache to the project of a folder, from one registry and with nothing that is kept elsewhere. */
  add(registry: string): { readonly command: string; readonly args: readonly string[] };
}

/** npm itself installs all packages in `tarball.test.ts`; one is enough to see that others understand the manifests, too. */
const managers: readonly Manager[] = [
  {
    name: 'pnpm',
    add: (registry) => ({
      command: 'npx',
      args: [
        ...['--yes', 'pnpm@12.21.0', 'add', '@ai-toolkit/core-cache', '--ignore-scripts'],
        ...['--registry', registry, '--store-dir', 'store', '--cache-dir', 'cache'],
      ],
    }),
  },
  {
    name: 'yarn',
    add: (registry) => ({
      command: join(root, 'node_modules', '.bin', 'yarn'),
      args: [
        ...['add', '@ai-toolkit/core-cache', '--ignore-scripts', '--ignore-engines', '--no-progress'],
        ...['--registry', registry, '--cache-folder', 'cache'],
      ],
    }),
  },
];

describe('the packed core-cache, installed by', () => {
  let folder: string;
  let registry: LocalRegistry;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-managers-'));
    const own = join(folder, 'own');
    await mkdir(own);
    await run('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', own], { cwd: coreCache });
    const ours = await published(coreCache, await onlyFile(own, '.tgz'));
    registry = await createLocalRegistry([
      ours,
      ...(await publishNeeded([coreCache], join(folder, 'needed'))),
    ]);
  }, 120_000);

  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(managers)('$name, runs what its README shows', { timeout: 120_000 }, async ({ name, add }) => {
    const project = join(folder, name);
    await mkdir(project);
    await writeFile(
      join(project, 'package.json'),
      JSON.stringify({ name: 'foreign', private: true, type: 'module' }),
    );
    const { command, args } = add(registry.url);
    // Outside of this workspace, whose settings are of no concern there.
    await run(command, args, { cwd: project });
    const readme = await readFile(join(coreCache, 'README.md'), 'utf8');
    const [, example = ''] = /```ts\n(import .*?)```/s.exec(readme) ?? [];
    await writeFile(join(project, 'example.ts'), example);
    const { stdout } = await run(process.execPath, ['example.ts'], { cwd: project });
    expect(stdout).not.toBe('');
  });
});
