import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stderrDestination } from '../../src/log/index.js';

describe('standard error as a log', () => {
  it('is written in batches, in order, and the rest at the end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-log-'));
    const path = join(folder, 'log');
    const file = await open(path, 'a');
    const destination = stderrDestination(file.fd);
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'é'.repeat(index % 50)}\n`);
    const read = (): Promise<string> => readFile(path, 'utf8');
    for (const line of lines.slice(0, 4000)) destination.write(line);
    await expect.poll(read).toBe(lines.slice(0, 4000).join(''));
    destination.write(lines[4000] ?? '');
    await expect.poll(read, { timeout: 5000 }).toBe(lines.slice(0, 4001).join(''));
    for (const line of lines.slice(4001)) destination.write(line);
    destination.flushSync?.();
    await expect.poll(read).toHaveLength(lines.join('').length);
    await file.close();
    await rm(folder, { recursive: true });
  });

  it.runIf(process.platform === 'linux')(
    'neither ends nor holds a process where it cannot be written',
    async () => {
      const full = await open('/dev/full', 'w');
      const destination = stderrDestination(full.fd);
      for (let size = 0; size < 6 * 1024 * 1024; size += 1024) destination.write(`${'x'.repeat(1023)}\n`);
      destination.flushSync?.();
      destination.write('one more\n');
      destination.flushSync?.();
      await full.close();
    },
  );
});
