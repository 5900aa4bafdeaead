import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock.js';

describe('systemClock', () => {
  it('keeps a process alive that awaits its turn, and no longer', async () => {
    // The clock alone is run in a process of its own, as its source without types: it imports nothing.
    const script = `
      import { systemClock } from ${JSON.stringify(new URL('../src/clock.ts', import.meta.url).href)};
      systemClock.schedule(() => console.log('never'), 3_600_000)();
      await new Promise((resolve) => systemClock.schedule(resolve, 20));
      console.log('done');
    `;
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect([code, output]).toEqual([0, 'done\n']);
  });

  it('cannot be made to fire at once by a wait that is too long for a timer', async () => {
    let fired = false;
    const cancel = systemClock.schedule(() => {
      fired = true;
    }, 2 ** 33);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => void systemClock.schedule(resolve, 5));
    expect(fired).toBe(false);
    cancel();
  });

  it('tells both times', () => {
    expect(systemClock.now()).toBeLessThanOrEqual(systemClock.now());
    expect(systemClock.wallNow()).toBeGreaterThan(1.7e12);
  });
});
