import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

/** Fails if there is no editor to open: without VISUAL and EDITOR, vi is used, which needs a terminal. */
export function requireEditor(): void {
  if (namedEditor() !== undefined || (process.stdin.isTTY && process.stdout.isTTY)) return;
  throw new TypeError('There is no editor: set EDITOR to the command of an editor, or use a terminal.');
}

/**
 * Opens a file in the user's editor and waits for it to exit. Fails if it cannot be started, exits with an error, or
 * leaves no file.
 */
export async function openEditor(file: string): Promise<void> {
  const editor = namedEditor() ?? 'vi';
  // The variable may contain flags, such as `code --wait`, so a shell has to parse it. The editor's output must not end
  // up in a redirected result.
  const stdout = process.stdout.isTTY ? 'inherit' : process.stderr;
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: ['inherit', stdout, 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`The editor (${editor}) ended with ${code ?? 'a signal'}. Set EDITOR to another.`);
  if (!existsSync(file)) {
    const hint = 'Set EDITOR to a command that saves the file it is given.';
    throw Object.assign(new Error(`The editor (${editor}) has removed ${file}.`), { hint });
  }
}

function namedEditor(): string | undefined {
  const { VISUAL = '', EDITOR = '' } = process.env;
  return [VISUAL, EDITOR].find((name) => name.trim() !== '');
}
