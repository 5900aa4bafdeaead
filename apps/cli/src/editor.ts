import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Opens a file in the user's editor and waits for its end. Fails when it cannot be started, or says that it failed. */
export async function openEditor(file: string): Promise<void> {
  const { VISUAL, EDITOR } = process.env;
  const editor = [VISUAL, EDITOR].find((name) => name !== undefined && name !== '') ?? 'vi';
  // The variable may hold flags, such as `code --wait`, which a shell knows to read.
  // What it prints must not get into a result that goes elsewhere.
  const stdout = process.stdout.isTTY ? 'inherit' : process.stderr;
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: ['inherit', stdout, 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`The editor (${editor}) ended with ${code ?? 'a signal'}. Set EDITOR to another.`);
}
