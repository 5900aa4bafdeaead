import { launch } from '@ai-toolkit/toolkit/launch';
import { version } from './version.js';

// Not by `import`, which looks at everything that a module has and so loads half of Node. An older Node, which only looks for a
// newer one, has neither this way nor what is taken by it.
const builtin = process.getBuiltinModule as typeof process.getBuiltinModule | undefined;

/** The help of the whole program as the build has printed it; `undefined` while there is none. */
function builtHelp(): string | undefined {
  try {
    return builtin?.('node:fs').readFileSync(new URL('./help.txt', import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * A reader who has seen enough (`| head -1`), or a terminal that is gone, is no error: a command that listens for it stops by itself.
 * Anything else that keeps a result from its place is one.
 */
function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || (code === 'EIO' && stream.isTTY)) {
      if (stream.listenerCount('error') === 1) process.exit(0);
      return;
    }
    if (stream === process.stdout) process.stderr.write(`error: The output cannot be written: ${message}.\n`);
    process.exit(1);
  });
}

/** What can be said without loading anything. */
function instantAnswer([first, second]: readonly string[]): string | undefined {
  if (second !== undefined) return undefined;
  if (first === '--version' || first === '-V') return `${version}\n`;
  return first === '--help' || first === '-h' ? builtHelp() : undefined;
}

/** Resolves when all that was written to a stream has left this process. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

async function run(args: readonly string[]): Promise<number> {
  if (args[0] === '__complete') return (await import('./complete.js')).complete(args.slice(1));
  return (await import('./program.js')).runProgram(args, version);
}

const args = process.argv.slice(2);
const instant = instantAnswer(args);
endWithReader(process.stdout);
if (instant !== undefined) {
  process.stdout.write(instant);
} else {
  endWithReader(process.stderr);
  // Compiled code is kept in the folder for temporary files; where it cannot be, everything is compiled anew.
  builtin?.('node:module').enableCompileCache?.();
  await launch(import.meta.url, async () => {
    const code = await run(args);
    // What was written is read; whatever else is under way, such as a question that was given up, holds nobody.
    await Promise.all([process.stdout, process.stderr].map(written));
    process.exit(code);
  });
}
