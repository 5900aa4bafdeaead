import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type RunningScript, runScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** `CORE_CACHE_LOCK_ROUNDS=30` for the long form. */
const ROUNDS = Number(process.env.CORE_CACHE_LOCK_ROUNDS ?? 1);
const PROCESSES = 8;
const TURNS = 10;

/** Processes that begin to use a lock, each of which is killed as it holds it, while the others wait. */
async function killHolders(path: string, journal: string): Promise<void> {
  const waiting = new Set<RunningScript>();
  for (let count = 0; count < PROCESSES; count += 1)
    waiting.add(runScript('take-turns.ts', path, journal, String(TURNS)));
  while (waiting.size > 0) {
    const holder = await Promise.race(
      [...waiting].map(async (script) => {
        await script.line('keeps it');
        return script;
      }),
    );
    holder.process.kill('SIGKILL');
    expect(await holder.ended).toBe('SIGKILL');
    waiting.delete(holder);
  }
}

it(
  `a lock has one holder, though the one before was killed and all meet it at once, ${ROUNDS} times over`,
  async () => {
    const directory = await temporaryDirectory();
    for (let round = 0; round < ROUNDS; round += 1) {
      const journal = join(directory, `journal ${round}`);
      await killHolders(join(directory, 'lock'), journal);
      const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
      expect(lines).toHaveLength(PROCESSES * (TURNS + 1) * 2);
      for (let at = 0; at < lines.length; at += 2) {
        const [pid, ...words] = (lines[at] ?? '').split(' ');
        expect(words.join(' ')).toBe('has it');
        expect([`${pid} gives it back`, `${pid} keeps it`]).toContain(lines[at + 1]);
      }
    }
  },
  60_000 * ROUNDS,
);
