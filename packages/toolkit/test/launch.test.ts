import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { launch } from '../src/launch.js';

const fixture = fileURLToPath(new URL('./fixtures/launched.mjs', import.meta.url));

/** Starts the script as an old Node would, and waits until it runs under the new one. */
async function start(how: string): Promise<{ child: ChildProcess; pid: number; exit: Promise<unknown[]> }> {
  const child = spawn(process.execPath, [fixture, how], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, pid: Number(line.toString()), exit };
}

describe('launch under an old Node', () => {
  it('runs the script under the Node of the checkout, and ends as it does', async () => {
    const { child, pid, exit } = await start('exit');
    expect(pid).not.toBe(child.pid);
    expect(await exit).toEqual([7, null]);
  });

  it('passes signals on', async () => {
    const { child, exit } = await start('stay');
    child.kill('SIGTERM');
    expect(await exit).toEqual([3, null]);
  });

  it('leaves nothing running when it is killed', async () => {
    const { child } = await start('stay');
    // Both write to the same pipe: it closes when the last of them is gone.
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
  });

  it('runs what it is given at once under a new one', async () => {
    let ran = false;
    await launch(import.meta.url, async () => {
      ran = true;
    });
    expect(ran).toBe(true);
  });
});
