import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../src/command.js';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const LOADER = fileURLToPath(new URL('./source-loader.mjs', import.meta.url));

function run(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', LOADER, MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: ChildProcess): Promise<{ code: unknown; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    err += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

describe('the command', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('prints its URL, serves, and ends well on %s', async (signal) => {
    const child = run('--api-key', 'k', '--fault', 'status=503; path=/v1/embeddings');
    const [first] = await once(child.stdout ?? child, 'data');
    const url = String(first).trim();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer k' } })).status).toBe(200);
    child.kill(signal);
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
  });

  it('explains itself', async () => {
    const { code, out } = await finished(run('--help'));
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: llm-simulator/);
  });

  it.each([
    [['--port', 'x'], '--port'],
    [['--port', '70000'], 'port'],
    [['--nonsense'], '--nonsense'],
    [['--fault', 'explode'], 'explode'],
    [['--rpm', '-3'], '--rpm'],
    [['stray'], 'stray'],
  ])('exits 2 for %j and names it', async (args, named) => {
    const { code, out, err } = await finished(run(...args));
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(named);
    expect(err).not.toContain('    at ');
  });

  it('exits 1 when the port is taken', async () => {
    const child = run();
    const [first] = await once(child.stdout ?? child, 'data');
    const { code, err } = await finished(run('--port', new URL(String(first).trim()).port));
    expect(code).toBe(1);
    expect(err).toContain('EADDRINUSE');
    child.kill();
    await once(child, 'close');
  });

  it('turns flags into options', () => {
    expect(
      parseCommand([
        '--port',
        '0',
        '--api-key',
        'a',
        '--api-key',
        'b',
        '--rpm',
        '60',
        '--tpm',
        '1000',
        '--tokens-per-second',
        '80',
        '--model',
        'm',
      ]),
    ).toEqual({
      port: 0,
      apiKeys: ['a', 'b'],
      models: ['m'],
      strictModels: true,
      tokensPerSecond: 80,
      limits: { requestsPerMinute: 60, tokensPerMinute: 1_000 },
    });
  });
});
