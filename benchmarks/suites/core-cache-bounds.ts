import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type BytesValue, bytesCodec, createCache } from '@ai-toolkit/core-cache';
import type { Suite, Table } from '../support/suite.ts';

const MAX_BYTES = 32 * 2 ** 20;
const ENTRY_BYTES = 4096;
const TURNOVERS = 6;
const CALLERS = 16;

/** Fills a disk tier several times over, and looks at the file each time. */
async function diskRow(driver: 'lmdb' | 'sqlite', directory: string): Promise<string[]> {
  const bytes = Buffer.alloc(ENTRY_BYTES, 'tide ');
  const path = join(directory, driver);
  await using cache = createCache<BytesValue>({
    memory: false,
    codec: bytesCodec,
    disk: { path, maxBytes: MAX_BYTES, driver },
  });
  const entries = Math.ceil(MAX_BYTES / ENTRY_BYTES);
  const ratios: number[] = [];
  const before = process.cpuUsage();
  for (let turn = 0; turn < TURNOVERS; turn += 1) {
    for (let start = 0; start < entries; start += 250) {
      const block = Array.from({ length: 250 }, (_, index) => `${turn}:${start + index}`);
      await Promise.all(block.map((key) => cache.set(key, { bytes, metadata: null })));
    }
    const files = await readdir(path);
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(path, file))).blocks * 512));
    ratios.push(sizes.reduce((sum, size) => sum + size, 0) / MAX_BYTES);
  }
  const { user, system } = process.cpuUsage(before);
  const microseconds = (user + system) / (TURNOVERS * entries);
  const [first, most] = [ratios[0] ?? Number.NaN, Math.max(...ratios)];
  return [driver, first.toFixed(2), most.toFixed(2), microseconds.toFixed(0)];
}

async function startRedis(port: number, directory: string): Promise<ReturnType<typeof spawn>> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes('Ready to accept')) break;
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Callers who get and set without a pause while Redis is there, killed and restarted, stopped, and there again. */
async function outageTable(directory: string): Promise<Table> {
  const port = await freePort();
  let redis = await startRedis(port, directory);
  await using cache = createCache<string>({ memory: false, shared: { url: `redis://127.0.0.1:${port}` } });
  await cache.ready();
  let latencies: number[] = [];
  let failed = 0;
  let isOver = false;
  const caller = async (name: number): Promise<void> => {
    for (let call = 0; !isOver; call += 1) {
      const startedAt = performance.now();
      await cache
        .getOrSet(`${name}:${call % 500}`, () => 'value', { ttlMs: 2000 })
        .catch(() => {
          failed += 1;
        });
      latencies.push(performance.now() - startedAt);
      // Without Redis a call settles in microtasks alone; the others want their turn too.
      if (call % 50 === 0) await pause(0);
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, name) => caller(name));
  const rows: string[][] = [];
  const phase = async (name: string, durationMs: number): Promise<void> => {
    latencies = [];
    failed = 0;
    await pause(durationMs);
    const sorted = Float64Array.from(latencies).sort();
    const at = (share: number): string =>
      (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1);
    const state = cache.stats().tiers.find((tier) => tier.name === 'redis')?.state ?? '';
    rows.push([name, String(sorted.length), String(failed), at(0.5), at(0.99), at(1), state]);
  };
  await phase('there', 2000);
  redis.kill('SIGKILL');
  await phase('killed', 2000);
  redis = await startRedis(port, directory);
  await phase('restarted', 6000);
  redis.kill('SIGSTOP');
  await phase('stopped', 4000);
  redis.kill('SIGCONT');
  await phase('going on', 8000);
  isOver = true;
  await Promise.all(callers);
  redis.kill('SIGKILL');
  const columns = ['Redis', 'calls', 'failed calls', 'p50 ms', 'p99 ms', 'longest ms', 'tier at the end'];
  return { title: `${CALLERS} callers while Redis fails`, columns, rows };
}

export const suite: Suite = {
  title: 'core-cache at its bounds',
  method:
    `Disk: a tier of ${MAX_BYTES / 2 ** 20} MiB filled ${TURNOVERS} times over with entries of 4 KB; space on disk (all files of the tier) to \`maxBytes\`, and CPU time a write. ` +
    'Redis: callers of `getOrSet` without a memory tier, so that every call asks Redis or passes it by.',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'core-cache-bounds-'));
    try {
      const rows = [await diskRow('lmdb', directory), await diskRow('sqlite', directory)];
      const columns = ['driver', 'after the first filling', 'most', 'CPU µs a write'];
      return [{ title: 'Space on disk to maxBytes', columns, rows }, await outageTable(directory)];
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
