import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { packAsInstalled, thirdParty } from './support/third-party.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = join(root, 'node_modules', '.bin', 'tsc');
const folderOf = (name: string): string => join(root, 'packages', name);

interface ForeignProject extends AsyncDisposable {
  readonly folder: string;
}

/**
 * A foreign project with packages of ours in it, installed by npm from tarballs alone, without a network: of ours, of all that they
 * need, and of the `extra` packages that the first of them is developed with.
 */
async function foreignProject(
  names: readonly string[],
  extra: readonly string[] = [],
): Promise<ForeignProject> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-foreign-'));
  const tarballs = join(folder, 'tarballs');
  await mkdir(tarballs);
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'foreign', private: true, type: 'module' }),
  );
  for (const name of names) await pack(name, tarballs);
  for (const other of await thirdParty(names.map(folderOf), ['@types/node', ...extra]))
    await packAsInstalled(other, tarballs);
  const files = (await readdir(tarballs)).map((file) => join(tarballs, file));
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'];
  await run('npm', ['install', ...flags, '--cache', join(folder, '.npm'), ...files], { cwd: folder });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Packs as for a release: with the versions of our own packages in place of the workspace's. */
async function pack(name: string, folder: string): Promise<void> {
  const pnpm = ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', folder];
  await run('npx', pnpm, { cwd: folderOf(name) });
}

/** Compiles files as a foreign project may, in both ways to resolve its modules. */
async function compile(folder: string, files: readonly string[]): Promise<void> {
  const flags = [
    '--noEmit',
    '--strict',
    '--target',
    'es2024',
    '--lib',
    'es2024,esnext.disposable',
    '--types',
    'node',
  ];
  for (const module of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]) {
    await run(tsc, [...flags, ...module, ...files], { cwd: folder });
  }
}

async function start(folder: string, file: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: folder, timeout: 20_000, env: { ...process.env, ...env } };
  return (await run(process.execPath, [file], options)).stdout;
}

/** Writes the TypeScript blocks of a package's README that import it into files, and gives their names. */
async function writeExamples(name: string, folder: string): Promise<string[]> {
  const readme = await readFile(join(folderOf(name), 'README.md'), 'utf8');
  const codes = [...readme.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code = '']) => code)
    .filter((code) => code.includes(`from '@ai-toolkit/${name}'`) && !code.includes("from 'keyv'"));
  const files = codes.map((_, index) => `example-${index}.ts`);
  await Promise.all(codes.map((code, index) => writeFile(join(folder, files[index] ?? ''), code)));
  return files;
}

function ours(folder: string): Promise<string[]> {
  return readdir(join(folder, 'node_modules', '@ai-toolkit'));
}

describe('the packed core-cache in a foreign project', () => {
  it('brings nothing else of ours, resolves its types, and runs what its README shows', {
    timeout: 120_000,
  }, async () => {
    await using project = await foreignProject(['core-cache']);
    expect(await ours(project.folder)).toEqual(['core-cache']);
    const files = await writeExamples('core-cache', project.folder);
    expect(files.length).toBeGreaterThan(0);
    await compile(project.folder, files);
    for (const file of files) await start(project.folder, file);
  });
});

/** The part of the simulator that is used here; it is not installed in the foreign project, where it is no dependency. */
interface Simulator extends AsyncDisposable {
  readonly openaiBaseUrl: string;
}

async function simulator(): Promise<Simulator> {
  const built = pathToFileURL(join(folderOf('llm-simulator'), 'dist', 'index.js')).href;
  const { createSimulator } = (await import(built)) as { createSimulator(): Promise<Simulator> };
  return createSimulator();
}

describe('the packed ai-client in a foreign project', () => {
  it('brings the two packages that it stands on, resolves its types, and runs what its README shows', {
    timeout: 180_000,
  }, async () => {
    await using project = await foreignProject(['ai-client', 'core-cache', 'rate-limit'], ['zod', 'openai']);
    const { folder } = project;
    expect(await ours(folder)).toEqual(['ai-client', 'core-cache', 'rate-limit']);
    const files = await writeExamples('ai-client', folder);
    await compile(folder, files);
    await using provider = await simulator();
    const env = {
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      OPENAI_API_KEY: 'key',
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_BASE_URL: '',
      AZURE_OPENAI_ENDPOINT: '',
      OLLAMA_HOST: '',
    };
    const printed = await Promise.all(
      files.map(async (file) => {
        const code = await readFile(join(folder, file), 'utf8');
        // It needs an optional peer with native code, which nobody has who has not installed it.
        return code.includes('semantic:') ? 'semantic\n' : start(folder, file, env);
      }),
    );
    for (const said of [
      'miss hit\nSimulated',
      'HIT\n',
      '200 miss\ndata: ',
      'AI_NOT_CACHED The nearest cassette',
    ])
      expect(
        printed.some((text) => text.startsWith(said) || text.includes(`\n${said}`)),
        said,
      ).toBe(true);
    expect(files).toHaveLength(9);
  });
});
