import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { freePort } from '@ai-toolkit/processes/free-port';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createHome, spawnServer } from './support/server-process.js';

type Spawned = ReturnType<typeof spawnServer>;

/** Resolves in the very turn in which the server says that it serves. */
async function firstWords(child: Spawned): Promise<string> {
  await once(child.stdout as NonNullable<Spawned['stdout']>, 'data');
  return /serves at (http:\S+)\n/.exec(child.output.stdout)?.[1] ?? '';
}

async function ending(child: Spawned): Promise<unknown> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? signal;
}

describe.each(['1', '2'])('a server of %s processes', (workers) => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'stops in order at %s as soon as it serves',
    async (signal) => {
      await using home = await createHome();
      const port = String(await freePort());
      const child = spawnServer(home.path, { AI_TOOLKIT_WORKERS: workers, AI_TOOLKIT_PORT: port });
      await firstWords(child);
      child.kill(signal);
      expect(await ending(child)).toBe(0);
    },
  );

  it('lets an answer end when its terminal goes away, which says so twice', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=20'] });
    await using home = await createHome();
    const child = spawnServer(home.path, {
      AI_TOOLKIT_WORKERS: workers,
      AI_TOOLKIT_PORT: String(await freePort()),
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
    });
    const url = await firstWords(child);
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say hello' }] }),
    });
    const ended = ending(child);
    child.kill('SIGHUP');
    await expect.poll(() => child.output.stderr).toContain('Stopping');
    child.kill('SIGHUP');
    expect((await response.text()).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toBe(0);
  });

  it('stops in order when nobody reads what it says any more, such as a pager that got the same signal', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=20'] });
    await using home = await createHome();
    const child = spawnServer(home.path, {
      AI_TOOLKIT_WORKERS: workers,
      AI_TOOLKIT_PORT: String(await freePort()),
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
    });
    const url = await firstWords(child);
    child.stdout?.destroy();
    child.stderr?.destroy();
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say hello' }] }),
    });
    const ended = ending(child);
    child.kill('SIGTERM');
    expect((await response.text()).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toBe(0);
  });

  it.runIf(process.platform === 'linux')(
    'serves, and stops in order, where the disk of its log is full',
    async () => {
      await using simulator = await createSimulator();
      await using home = await createHome();
      await using full = await open('/dev/full', 'w');
      const environment = {
        AI_TOOLKIT_WORKERS: workers,
        AI_TOOLKIT_PORT: String(await freePort()),
        OPENAI_BASE_URL: simulator.openaiBaseUrl,
      };
      const child = spawnServer(home.path, environment, [], full.fd);
      const url = await firstWords(child);
      // More than is written at once.
      for (let round = 0; round < 60; round++) expect((await ask(url, `Question ${round}`)).status).toBe(200);
      const ended = ending(child);
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
  );
});
