import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLocalRegistry, onlyFile } from './support/local-registry.js';
import { publishNeeded } from './support/published.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const cli = join(root, 'apps', 'cli');

/** Both ends of what the manifests promise. */
const nodes: readonly (readonly [name: string, from: string])[] = [
  ['the oldest Node', join(root, 'test', 'oldest-node', 'package.json')],
  ['the newest Node', join(root, 'package.json')],
];

function nodeOf(manifest: string): string {
  return join(dirname(createRequire(manifest).resolve('node/package.json')), 'bin', 'node');
}

describe('the packed command', () => {
  it('installs into a clean prefix, and works there under every Node that is promised', {
    timeout: 300_000,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-prefix-'));
    try {
      const { stdout: packed } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
        cwd: cli,
      });
      const files: string[] = JSON.parse(packed)[0].files.map(({ path }: { path: string }) => path);
      expect(files.filter((path) => /\.(ts|map)$|test\//.test(path))).toEqual([]);
      const prefix = join(folder, 'prefix');
      await using registry = await createLocalRegistry(await publishNeeded([cli], join(folder, 'needed')));
      const flags = ['--prefix', prefix, '--cache', join(folder, '.npm'), '--registry', registry.url];
      await run('npm', [
        'install',
        '--global',
        '--no-audit',
        '--no-fund',
        ...flags,
        await onlyFile(folder, '.tgz'),
      ]);
      for (const [name, manifest] of nodes) {
        const home = join(folder, name);
        const env = { PATH: dirname(nodeOf(manifest)), AI_TOOLKIT_HOME: home, TMPDIR: folder };
        for (const command of ['ai-toolkit', 'ait']) {
          const { stdout } = await run(join(prefix, 'bin', command), ['--version'], { env, cwd: folder });
          expect(stdout, name).toMatch(/^\d+\.\d+\.\d+\n$/);
        }
        const ask = async (...args: string[]): Promise<Record<string, unknown>> =>
          JSON.parse(
            (await run(join(prefix, 'bin', 'ait'), [...args, '--json'], { env, cwd: folder })).stdout,
          );
        expect(await ask('generate', 'Hello'), name).toMatchObject({ cache: 'miss' });
        expect(await ask('generate', 'Hello'), name).toMatchObject({ cache: 'hit' });
        const { id } = await ask('init', '-n', 'Packed', '-d', 'x');
        expect(await ask('run', '-p', String(id)), name).toMatchObject({
          stages: Array(6).fill({ outcome: 'done' }),
        });
        expect(await ask('diagnose'), name).toMatchObject({ healthy: true });
        await serve(join(prefix, 'bin', 'ai-toolkit'), env);
      }
      // Nothing is fetched at run time, and what npm wanted beside was for other platforms.
      expect(registry.missing.filter((name) => !/-(?:darwin|win32|linux)-/.test(name))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** The server and its page are in the package. */
async function serve(command: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, ['serve', '--port', '0'], { env });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\S+/.exec(said.toString())?.[0] ?? '';
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<html');
  child.kill('SIGTERM');
  expect((await once(child, 'close'))[0]).toBe(0);
}
