import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Opens a file in the user's editor and waits for it to exit. Fails if it cannot be started or exits with an error. */
export async function openEditor(file: string): Promise<void> {
  const { VISUAL, EDITOR } = process.env;
  const editor = [VISUAL, EDITOR].find((name) => name !== undefined && name !== '') ?? 'vi';
  // The variable may contain flags, such as `code --wait`, so a shell has to parse it. The editor's output must not end
  // up in a redirected result.
  const stdout = process.stdout.isTTY ? 'inherit' : process.stderr;
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: ['inherit', stdout, 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`The editor (${editor}) ended with ${code ?? 'a signal'}. Set EDITOR to another.`);
}
