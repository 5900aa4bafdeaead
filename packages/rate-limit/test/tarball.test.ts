import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const tsc = join(root, '..', '..', 'node_modules', '.bin', 'tsc');

/** The examples of the README that run as they are, by what they import. */
const readme = await readFile(join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code);
const example = (part: string): string => examples.find((code) => code.includes(part)) ?? '';

let folder: string;

/** Builds and packs the sources as they are now, and installs that in a foreign project. */
beforeAll(async () => {
  const built = await mkdtemp(join(tmpdir(), 'rate-limit-built-'));
  folder = await mkdtemp(join(tmpdir(), 'rate-limit-foreign-'));
  await run(tsc, ['-p', join(root, 'tsconfig.build.json'), '--outDir', join(built, 'dist')]);
  for (const file of ['package.json', 'README.md']) await copyFile(join(root, file), join(built, file));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: built });
  await rm(built, { recursive: true });
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await run('npm', ['install', '--no-audit', '--no-fund', `./${packed?.filename}`, '@types/node'], {
    cwd: folder,
  });
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function play(name: string, code: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  await writeFile(join(folder, name), code);
  const options = { cwd: folder, timeout: 20_000, env: { ...process.env, ...env } };
  return (await run(process.execPath, [name], options)).stdout;
}

describe('the package in a foreign project', () => {
  it('brings one small dependency and nothing else of ours', async () => {
    const installed = await readdir(join(folder, 'node_modules'));
    expect(await readdir(join(folder, 'node_modules', '@ai-toolkit'))).toEqual(['rate-limit']);
    expect(installed).toContain('p-retry');
    expect(installed).not.toContain('redis');
  });

  it('has types for every entry', async () => {
    const code = `
      import { type AnyLimiter, createLimiter, type Limiter, type SharedLimiter } from '@ai-toolkit/rate-limit';
      import { createLimitHost } from '@ai-toolkit/rate-limit/host';
      import { redisLimitStore } from '@ai-toolkit/rate-limit/redis';
      import { limitStoreConformance } from '@ai-toolkit/rate-limit/testing';
      const alone: Limiter = createLimiter({ limits: { requestsPerMinute: 5 } });
      const shared: SharedLimiter = createLimiter({ store: createLimitHost().store });
      const any: readonly AnyLimiter[] = [alone, shared];
      for (const limiter of any) limiter.close();
      limitStoreConformance({ create: () => redisLimitStore({ url: 'redis://127.0.0.1' }) });
    `;
    await writeFile(join(folder, 'types.ts'), code);
    const flags = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--target',
      'es2024',
      '--types',
      'node',
    ];
    for (const kind of [
      ['--module', 'nodenext'],
      ['--module', 'esnext', '--moduleResolution', 'bundler'],
    ]) {
      await run(tsc, [...flags, ...kind, 'types.ts'], { cwd: folder });
    }
  });

  it('runs the examples of the README', async () => {
    expect(await play('first.js', example('How high'))).toBe('You said: How high is the tide?\n10\n');
    expect(await play('workers.js', example('createLimitHost'))).toBe('called\ncalled\ncalled\n');
  });

  it('says once that the package redis is needed, where it is', async () => {
    const code = `
      import { createLimiter } from '@ai-toolkit/rate-limit';
      import { redisLimitStore } from '@ai-toolkit/rate-limit/redis';
      process.on('warning', ({ message }) => console.log(message));
      const limiter = createLimiter({ store: redisLimitStore({ url: 'redis://127.0.0.1:1' }) });
      for (const key of ['a', 'b']) (await limiter.acquire({ key })).release();
      limiter.close();
    `;
    const told = await play('without.js', code);
    expect(told.match(/npm install redis/g)).toHaveLength(1);
  });
});

describeWithRedis('the package in a foreign project with redis', () => {
  it('runs the example of the README', { timeout: 120_000 }, async () => {
    await run('npm', ['install', '--no-audit', '--no-fund', 'redis'], { cwd: folder });
    await using redis = await TestRedis.start();
    expect(await play('redis.js', example('redisLimitStore'), { REDIS_URL: redis.url })).toBe('ready 1\n');
  });
});
