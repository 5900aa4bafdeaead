import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const commandFile: string = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

export interface CommandResult {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command; `finish` waits for its end. Without `input`, stdin stays open, as it does under many programs that start others. */
export function startCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  folder: string,
  input?: string,
): { child: ChildProcess; finish: Promise<CommandResult> } {
  const child = spawn(process.execPath, [commandFile, ...args], { env: environment, cwd: folder });
  if (input !== undefined) child.stdin.end(input);
  return { child, finish: resultOf(child) };
}

/** What a program says, and how it ends. Its streams are pipes. */
export async function resultOf(child: ChildProcess): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code: code ?? signal, stdout, stderr };
}
