import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.js';
import { type Child, spawnChild } from './spawn-child.js';

/** `PROJECT_STORE_LOCK_ROUNDS=30` for the long form. */
const rounds = Number(process.env.PROJECT_STORE_LOCK_ROUNDS ?? 1);
const processes = 8;
const turns = 10;

/** Processes that use one lock, each of which is killed as it holds it, while all others wait for it. */
async function killHolders(folder: string, path: string, journal: string): Promise<void> {
  const detail = JSON.stringify([path, journal, turns]);
  const waiting = new Set<Child>();
  for (let n = 0; n < processes; n += 1) waiting.add(spawnChild(folder, 'takeTurns', 'none', detail));
  while (waiting.size > 0) {
    const holder = await Promise.race(
      [...waiting].map(async (child) => {
        await child.said('keeps it');
        return child;
      }),
    );
    waiting.delete(holder);
    await holder.kill();
  }
}

it(`a lock has one holder, though the one before was killed and all meet it at once, ${rounds} times over`, {
  timeout: 60_000 * rounds,
}, async () => {
  const folder = await temporaryFolder();
  for (let round = 0; round < rounds; round += 1) {
    const journal = join(folder, `journal-${round}`);
    await killHolders(folder, join(folder, 'x.lock'), journal);
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(processes * (turns + 1) * 2);
    for (let at = 0; at < lines.length; at += 2) {
      const [pid, ...words] = (lines[at] ?? '').split(' ');
      expect(words.join(' ')).toBe('has it');
      expect([`${pid} gives it back`, `${pid} keeps it`]).toContain(lines[at + 1]);
    }
  }
  // That of the last, who died as well, and nothing of those who took over.
  expect((await readdir(folder)).filter((name) => !name.startsWith('journal'))).toEqual(['x.lock']);
});
