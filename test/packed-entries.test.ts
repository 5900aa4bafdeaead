import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { thirdParty } from './support/third-party.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const packages = join(root, 'packages');

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The files of our packages that name a source map: none is published. */
async function filesWithMaps(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const texts = await Promise.all(
    names.filter((name) => /\.(js|d\.ts)$/.test(name)).map((name) => readFile(join(folder, name), 'utf8')),
  );
  expect(texts.length).toBeGreaterThan(1000);
  return texts.filter((text) => text.includes('\n//# sourceMappingURL='));
}

/** Puts what is in the tarballs of all packages, and nothing else of ours, where a foreign project has it. */
async function unpackAll(project: string, folders: readonly string[]): Promise<void> {
  const tarballs = join(project, 'tarballs');
  await mkdir(tarballs);
  const filter = ['--recursive', '--filter', './packages/*'];
  await run('npx', ['--yes', 'pnpm@12.21.0', ...filter, 'pack', '--pack-destination', tarballs], {
    cwd: root,
  });
  const files = await readdir(tarballs);
  expect(files).toHaveLength(folders.length);
  for (const folder of folders) {
    const { name } = await manifestOf(folder);
    const file = files.find((one) => one.startsWith(`${name.replace('@', '').replace('/', '-')}-`));
    const place = join(project, 'node_modules', name);
    await mkdir(place, { recursive: true });
    await run('tar', ['-xzf', join(tarballs, file ?? name), '-C', place, '--strip-components=1']);
  }
  for (const folder of await thirdParty(folders, ['@types/node'])) {
    const place = join(project, 'node_modules', (await manifestOf(folder)).name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(folder, place);
  }
}

it('every entry of every packed package can be imported, and its types are found in both ways to resolve modules', {
  timeout: 240_000,
}, async () => {
  const folders = (await readdir(packages)).sort().map((name) => join(packages, name));
  const project = await mkdtemp(join(tmpdir(), 'ai-toolkit-entries-'));
  try {
    await unpackAll(project, folders);
    expect(await filesWithMaps(join(project, 'node_modules', '@ai-toolkit'))).toEqual([]);
    const specifiers: string[] = [];
    for (const folder of folders) {
      const { name, exports } = await manifestOf(folder);
      for (const entry of Object.keys(exports))
        if (!entry.endsWith('.json')) specifiers.push(`${name}${entry.slice(1)}`);
    }
    const imports = specifiers.map((name, index) => `import * as entry${index} from '${name}';\n`).join('');
    const used = specifiers.map((_, index) => `entry${index}`).join(', ');
    const print = `console.log([${used}].filter((entry) => Object.keys(entry).length > 0).length);\n`;
    await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await writeFile(join(project, 'all.ts'), `${imports}${print}`);
    const flags =
      '--noEmit --strict --target es2024 --lib es2024,esnext.disposable --types node all.ts'.split(' ');
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    for (const how of ['--module nodenext', '--module esnext --moduleResolution bundler'])
      await run(tsc, [...flags, ...how.split(' ')], { cwd: project }).catch(
        ({ stdout }: { stdout: string }) => {
          throw new Error(`${how}:\n${stdout}`);
        },
      );
    const { stdout } = await run(process.execPath, ['all.ts'], { cwd: project });
    expect(Number(stdout)).toBe(specifiers.length);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
});
