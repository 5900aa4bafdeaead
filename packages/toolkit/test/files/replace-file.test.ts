import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/files/replace-file.js';

const built = new URL('../../dist/files/replace-file.js', import.meta.url).href;
const dayMs = 24 * 3_600_000;

const children: ChildProcess[] = [];
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-replace-'));
  file = join(folder, 'list.txt');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function addLine(line: string): Promise<void> {
  await replaceFile(file, (text = '') => `${text}${line}\n`);
}

async function linesOf(path: string): Promise<readonly string[]> {
  return (await readFile(path, 'utf8')).trimEnd().split('\n');
}

/** Runs a program in a process of its own, whose clock goes wrong by so much. */
function elsewhere(program: string, clockOffMs = 0) {
  const script = `
    const { now } = Date;
    Date.now = () => now() + ${clockOffMs};
    const { replaceFile } = await import(${JSON.stringify(built)});
    const file = ${JSON.stringify(file)};
    ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

describe('replaceFile', () => {
  it('loses no change of many at the same time, and leaves nothing else behind', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);
    await Promise.all(lines.map(addLine));
    expect([...(await linesOf(file))].sort()).toEqual(lines.sort());
    expect(await readdir(folder)).toEqual(['list.txt']);
  });

  it('loses none of other processes either, whatever their clocks say', async () => {
    const lines = Array.from({ length: 6 }, (_, n) => Array.from({ length: 15 }, (_line, m) => `${n} ${m}`));
    const codes = await Promise.all(
      lines.map(async (own, n) => {
        const program = `
          for (const line of ${JSON.stringify(own)}) await replaceFile(file, (text = '') => text + line + '\\n');`;
        const [code] = await once(elsewhere(program, (n % 3) * dayMs - dayMs), 'exit');
        return code;
      }),
    );
    expect(codes).toEqual(lines.map(() => 0));
    expect([...(await linesOf(file))].sort()).toEqual(lines.flat().sort());
    expect(await readdir(folder)).toEqual(['list.txt']);
  });

  it.each([-dayMs, 0, dayMs])(
    'goes on after a process that was killed in the middle, with a clock off by %i ms',
    async (offMs) => {
      await addLine('first');
      const holder = elsewhere(`
      await replaceFile(file, async () => {
        console.log('holding');
        await new Promise((resolve) => setTimeout(resolve, 600_000));
      });`);
      await once(holder.stdout, 'data');
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      const next = elsewhere("await replaceFile(file, (text) => text + 'second\\n');", offMs);
      expect(await once(next, 'exit')).toEqual([0, null]);
      expect(await linesOf(file)).toEqual(['first', 'second']);
      expect(await readdir(folder)).toEqual(['list.txt']);
    },
  );

  it('leaves a file as it is when the change fails, and keeps it for its owner alone', async () => {
    await writeFile(file, 'first\n', { mode: 0o644 });
    const failure = new Error('No.');
    await expect(replaceFile(file, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await linesOf(file)).toEqual(['first']);
    // What a process has left that was killed as it wrote.
    await writeFile(`${file}.new`, 'half', { mode: 0o644 });
    await addLine('second');
    expect(await linesOf(file)).toEqual(['first', 'second']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['list.txt']);
  });
});
