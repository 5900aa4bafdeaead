import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/**
 * Starts a program and waits until it reports on `stream` that it is ready; later output is discarded. Rejects if it ends before.
 */
export async function launchUntil(
  ready: RegExp,
  stream: 'stdout' | 'stderr',
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<ChildProcess> {
  const piped =
    stream === 'stdout' ? (['ignore', 'pipe', 'inherit'] as const) : (['ignore', 'ignore', 'pipe'] as const);
  const child = spawn(command, args, { ...options, stdio: [...piped] });
  const output = child[stream] as Readable;
  output.setEncoding('utf8');
  let printed = '';
  const exited = once(child, 'exit').then(() => {
    throw new Error(`${command} ended: ${printed}`);
  });
  exited.catch(() => {});
  while (!ready.test(printed)) {
    const [text] = (await Promise.race([once(output, 'data'), exited])) as [string];
    printed += text;
  }
  output.resume();
  return child;
}

/** Ends a program by a signal, if it has not ended yet. */
export async function endBy(signal: NodeJS.Signals, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
