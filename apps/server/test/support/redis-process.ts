import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

const isMissing: boolean = spawnSync('redis-server', ['--version']).error !== undefined;

if (isMissing && process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1') {
  throw new Error('redis-server is not installed, and AI_TOOLKIT_REQUIRE_SERVICES asks for it');
}
if (isMissing)
  console.warn('redis-server is not installed: the tests of servers that share answers are SKIPPED');

/** Runs where there is a `redis-server`; is skipped with a notice where there is none. */
export const describeWithRedis: typeof describe.skip = isMissing ? describe.skip : describe;

export interface RedisProcess extends AsyncDisposable {
  readonly url: string;
  /** As a power cut would. */
  kill(): Promise<void>;
}

/** A Redis of its own for a test, on a free port of the loopback. */
export async function startRedis(): Promise<RedisProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'ai-toolkit-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
    child.on('exit', () => reject(new Error('redis-server did not start')));
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
