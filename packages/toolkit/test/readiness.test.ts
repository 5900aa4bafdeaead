import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createToolkit, loadConfig, type Readiness, readiness, type Toolkit } from '../src/index.js';

async function open(prepare: (home: string) => Promise<void> = async () => {}): Promise<Toolkit> {
  const home = await mkdtemp(join(tmpdir(), 'ai-toolkit-'));
  await prepare(home);
  const loaded = await loadConfig({
    directory: home,
    environment: { AI_TOOLKIT_HOME: home, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' },
  });
  const toolkit = createToolkit(loaded);
  onTestFinished(async () => {
    await toolkit.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return toolkit;
}

function failing({ checks }: Readiness): string[] {
  return checks.filter(({ status }) => status !== 'ok').map(({ name, status }) => `${name}: ${status}`);
}

/** Where a file is expected there is a folder, or the reverse. */
async function block(path: string, as: 'file' | 'folder'): Promise<void> {
  await mkdir(as === 'file' ? dirname(path) : path, { recursive: true });
  if (as === 'file') await writeFile(path, 'no folder');
}

describe('readiness', () => {
  it('is ready when all is well, and draining when it is told so', async () => {
    const toolkit = await open();
    expect(await readiness(toolkit)).toMatchObject({ status: 'ready' });
    const draining = await readiness(toolkit, { draining: true });
    expect([draining.status, failing(draining)]).toEqual(['draining', ['server: failed']]);
  });

  it('is degraded without its disk and its ledger, and says so without telling where they are', async () => {
    const toolkit = await open(async (home) => {
      await block(join(home, 'cache'), 'file');
      await block(join(home, 'usage'), 'file');
    });
    await (await toolkit.cache()).ready();
    const ledger = await toolkit.ledger();
    await ledger.report();
    const found = await readiness(toolkit);
    expect([found.status, failing(found)]).toEqual([
      'degraded',
      ['disk cache: degraded', 'ledger: degraded'],
    ]);
    expect(JSON.stringify(found)).not.toContain(toolkit.paths.state);
  });

  it('is degraded while a provider is left alone', async () => {
    const toolkit = await open();
    const pipeline = await toolkit.pipeline();
    const ask = (): Promise<unknown> =>
      new Promise((resolve) => {
        const body = Buffer.from('{"model":"m","messages":[{"role":"user","content":"x"}]}');
        const done = (): void => resolve(undefined);
        pipeline.exchange(
          { surface: 'chat', body },
          { onHead: () => {}, onData: () => true, onEnd: done, onError: done },
        );
      });
    for (let round = 0; round < 3; round++) await ask();
    expect(failing(await readiness(toolkit))).toEqual(['provider openai-compatible: degraded']);
  });

  it('is not ready when keys cannot be read: nobody could be let in', async () => {
    const toolkit = await open((home) => block(join(home, 'keys', 'keys.sqlite'), 'folder'));
    const found = await readiness(toolkit);
    expect([found.status, failing(found)]).toEqual(['unready', ['keys: failed']]);
  });
});
