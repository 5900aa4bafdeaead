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

/** A foreign project with packages of ours in it, installed by npm from their tarballs. */
async function foreignProject(...names: string[]): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-foreign-'));
  const tarballs = await Promise.all(names.map((name) => pack(name, folder)));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'foreign', private: true, type: 'module' }),
  );
  await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs, '@types/node'], { cwd: folder });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Packs as for a release: with the versions of our own packages in place of the workspace's. */
async function pack(name: string, folder: string): Promise<string> {
  const pnpm = ['--yes', 'pnpm@12.21.0', 'pack', '--json', '--pack-destination', folder];
  const { stdout } = await run('npx', pnpm, { cwd: join(root, 'packages', name) });
  const packed = JSON.parse(stdout) as { filename: string } | { filename: string }[];
  return (Array.isArray(packed) ? packed[0]?.filename : packed.filename) ?? '';
}

/** Compiles a file as a foreign project may, and runs it. */
async function compileAndRun(folder: string, file: string, code: string): Promise<string> {
  await writeFile(join(folder, file), code);
  const flags = ['--noEmit', '--strict', '--target', 'es2024', '--types', 'node'];
  for (const module of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]) {
    await run(tsc, [...flags, ...module, file], { cwd: folder });
  }
  return (await run(process.execPath, [file], { cwd: folder, timeout: 20_000 })).stdout;
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
      await compileAndRun(project.folder, `example-${index}.ts`, code);
    }
  });
});

/** A provider in its smallest form, and what a first user of the pipeline writes. */
const firstUse = `
import { createServer } from 'node:http';
import { createAiClient, createPipeline, openaiProvider } from '@ai-toolkit/ai-client';

let asked = 0;
const server = createServer((_request, response) => {
  asked += 1;
  const message = { role: 'assistant', content: 'Twice a day.' };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ object: 'chat.completion', model: 'm', choices }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;
{
  await using pipeline = createPipeline({ providers: [openaiProvider(\`http://127.0.0.1:\${port}/v1\`)] });
  const client = createAiClient({ pipeline, model: 'm' });
  const first = await client.generate('How often do tides come?');
  const second = await client.generate('How often do tides come?');
  console.log(first.text, first.cache, second.cache, asked);
}
server.close();
`;

describe('the packed ai-client in a foreign project', () => {
  it('brings the two packages that it stands on, resolves its types, and answers', {
    timeout: 120_000,
  }, async () => {
    await using project = await foreignProject('core-cache', 'rate-limit', 'ai-client');
    expect(await readdir(join(project.folder, 'node_modules', '@ai-toolkit'))).toEqual([
      'ai-client',
      'core-cache',
      'rate-limit',
    ]);
    expect(await compileAndRun(project.folder, 'first-use.ts', firstUse)).toBe('Twice a day. miss hit 1\n');
  });
});
