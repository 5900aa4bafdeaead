import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { freePort } from '@ai-toolkit/processes/free-port';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createKey } from './support/keys.js';
import { createHome, spawnServer, startServerProcess } from './support/server-process.js';

/** Runs the server to its end, which it meets at once. */
async function fails(
  environment: Record<string, string>,
  args: readonly string[] = [],
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  await using home = await createHome();
  const child = spawnServer(home.path, environment, args);
  const [code] = await once(child, 'close');
  return { code, ...child.output };
}

describe('server process', () => {
  it('lets a stream end after SIGTERM, refuses new requests, and exits 0', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=20'] });
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say hello' }] }),
    });
    const text = response.text();
    const ended = server.end('SIGTERM');
    expect((await text).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toBe(0);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });

  it('serves without its disk when the home cannot be written, and says so', async () => {
    await using home = await createHome();
    const file = join(home.path, 'a-file');
    await writeFile(file, 'not a folder');
    await using server = await startServerProcess(join(file, 'home'));
    expect(server.stdout()).toContain('the disk cache is off');
    expect((await ask(server.url, 'Still there?')).cache).toBe('MISS');
    expect((await ask(server.url, 'Still there?')).cache).toBe('HIT');
    expect((await fetch(`${server.url}/api/usage`)).status).toBe(200);
  });

  it('says which setting is wrong', async () => {
    expect(await fails({ AI_TOOLKIT_PORT: 'eighty' })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('AI_TOOLKIT_PORT'),
    });
    expect((await fails({ OPENAI_BASE_URL: 'localhost' })).stderr).toContain('OPENAI_BASE_URL');
    expect((await fails({}, ['--host', '0.0.0.0'])).stderr).toContain('asks for no key');
    expect((await fails({}, ['--config', '/nowhere.toml'])).stderr).toContain('/nowhere.toml');
    expect(await fails({}, ['--colour'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Usage:'),
    });
    expect(await fails({}, ['--port', 'x'])).toMatchObject({ code: 2 });
  });

  it.each([
    ['OPENAI_BASE_URL', '/v1'],
    ['ANTHROPIC_BASE_URL', ''],
  ])('does not start where it would ask itself, by %s', async (variable, path) => {
    const port = String(await freePort());
    for (const workers of ['1', '2'])
      for (const host of ['localhost', '127.0.0.1', '[::1]']) {
        const environment = { AI_TOOLKIT_PORT: port, AI_TOOLKIT_WORKERS: workers };
        const { code, stderr } = await fails({ ...environment, [variable]: `http://${host}:${port}${path}` });
        expect([code, stderr]).toEqual([1, expect.stringContaining('The server would ask itself')]);
        expect(stderr).toContain(variable);
      }
  });

  it.each(['192.0.2.1', 'no-such-name.invalid'])(
    'says that %s is no address of this machine',
    async (host) => {
      await using home = await createHome();
      await createKey(home.path);
      const child = spawnServer(home.path, {}, ['--host', host]);
      expect(await once(child, 'close')).toEqual([1, null]);
      // In a line, and without where it happened in the code.
      expect(child.output.stderr).toMatch(
        /^error: .*\. Choose an address of this machine with --host H\.\n$/,
      );
    },
  );

  it('says what to do when the port is taken', async () => {
    await using taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await fails({ AI_TOOLKIT_PORT: String(port) });
    expect(code).toBe(1);
    expect(stderr).toContain('--port');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('reads its file, and tells the line of a mistake in it', async () => {
    await using home = await createHome();
    await mkdir(home.path, { recursive: true });
    await writeFile(join(home.path, 'config.toml'), '[server]\nport = "many"\n');
    const child = spawnServer(home.path, { AI_TOOLKIT_PORT: '' });
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(child.output.stderr).toContain('server.port');
    expect(child.output.stderr).toContain('config.toml');
  });
});
