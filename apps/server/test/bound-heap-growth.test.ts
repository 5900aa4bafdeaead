import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onSources } from '@ai-toolkit/processes/on-sources';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./support/growing-heap.ts', import.meta.url));

/** Of a process with 40 MB alive that replaces objects as a cache does: the largest heap that it came to, bytes. */
async function largestHeap(...args: string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...onSources, ...args]);
  return Number(stdout);
}

describe('the heap of the server', () => {
  it('grows by half at most before garbage is collected', async () => {
    const free = await largestHeap(program, 'free');
    const bounded = await largestHeap(program, 'bounded');
    expect(bounded).toBeLessThan(free * 0.75);
  });

  it('grows as a flag on the command line of Node says', async () => {
    const asTold = await largestHeap('--heap-growing-percent=300', program, 'bounded');
    const bounded = await largestHeap(program, 'bounded');
    expect(bounded).toBeLessThan(asTold * 0.75);
  });
});
