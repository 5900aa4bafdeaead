import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { acquireLock, lockHolder } from '../../src/lock/file-lock.js';
import { describeSelf } from '../../src/lock/lock-owner.js';
import { temporaryFolder } from '../temporary.js';

const clock = (): number => 0;

async function lockPath(): Promise<{ path: string; folder: string }> {
  const folder = await temporaryFolder();
  return { folder, path: join(folder, 'x.lock') };
}

describe('acquireLock', () => {
  it('lets callers in one after the other, in their order', async () => {
    const { path, folder } = await lockPath();
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const { lock } = await acquireLock(path, { waitMs: 10_000, clock });
        inside += 1;
        expect(inside).toBe(1);
        order.push(n);
        await readFile(path);
        inside -= 1;
        await lock?.release();
      }),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from a process that is gone, and from a later one with its pid', async () => {
    const { path, folder } = await lockPath();
    const self = await describeSelf('0123456789ab', 0);
    for (const dead of [
      { ...self, pid: 2 ** 22 + 1 },
      { ...self, stamp: '1' },
    ]) {
      await writeFile(path, JSON.stringify(dead));
      expect(await lockHolder(path)).toBeUndefined();
      const { lock } = await acquireLock(path, { waitMs: 0, clock });
      expect(lock?.owner.pid).toBe(process.pid);
      await lock?.release();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over when the one who took over died as well', async () => {
    const { path, folder } = await lockPath();
    const self = await describeSelf('0123456789ab', 0);
    await writeFile(path, JSON.stringify({ ...self, pid: 2 ** 22 + 1, token: 'aaa' }));
    await writeFile(`${path}.dead-aaa`, JSON.stringify({ ...self, pid: 2 ** 22 + 1, token: 'bbb' }));
    const { lock } = await acquireLock(path, { waitMs: 0, clock });
    await lock?.release();
    expect(lock).toBeDefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['another machine', 'garbage'])('believes a lock of %s until it has been silent', async (kind) => {
    const { path } = await lockPath();
    const self = await describeSelf('0123456789ab', 0);
    await writeFile(
      path,
      kind === 'garbage' ? '{' : JSON.stringify({ ...self, scope: 'elsewhere', host: 'far' }),
    );
    const refused = await acquireLock(path, { waitMs: 0, clock });
    expect(refused.lock).toBeUndefined();
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(path, longAgo, longAgo);
    const { lock } = await acquireLock(path, { waitMs: 0, clock });
    expect(lock).toBeDefined();
    await lock?.release();
  });

  it('gives up after the time that it may wait, also behind its own process', async () => {
    const { path } = await lockPath();
    const { lock } = await acquireLock(path, { waitMs: 0, clock });
    const refused = await acquireLock(path, { waitMs: 1, clock });
    expect(refused).toMatchObject({ lock: undefined, holder: { pid: process.pid } });
    await lock?.release();
    const next = await acquireLock(path, { waitMs: 0, clock });
    expect(next.lock).toBeDefined();
    await next.lock?.release();
  });

  it('waits as long as it takes', async () => {
    const { path } = await lockPath();
    const { lock } = await acquireLock(path, { waitMs: 0, clock });
    const waiting = acquireLock(path, { waitMs: Number.POSITIVE_INFINITY, clock });
    // A timer that is set for longer than it can count runs out at once.
    const first = await Promise.race([waiting.then(() => 'waiting'), sleep(20, 'released')]);
    await lock?.release();
    const next = await waiting;
    expect([first, next.lock?.owner.pid]).toEqual(['released', process.pid]);
    await next.lock?.release();
  });

  it('leaves alone a lock that is no longer its own', async () => {
    const { path } = await lockPath();
    const { lock } = await acquireLock(path, { waitMs: 0, clock });
    await writeFile(path, 'somebody else');
    await lock?.release();
    expect(await readFile(path, 'utf8')).toBe('somebody else');
  });
});
