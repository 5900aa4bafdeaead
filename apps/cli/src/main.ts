import { readFileSync } from 'node:fs';
import module from 'node:module';
import { launch } from '@ai-toolkit/toolkit/launch';
import { version } from './version.js';

// A reader who has seen enough (`| head -1`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** The help of the whole program as the build has printed it; `undefined` while there is none. */
function builtHelp(): string | undefined {
  try {
    return readFileSync(new URL('./help.txt', import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
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

const args = process.argv.slice(2);
const instant = instantAnswer(args);
if (instant !== undefined) {
  process.stdout.write(instant);
} else {
  // Compiled code is kept in the folder for temporary files; where it cannot be, everything is compiled anew.
  // An older Node, which only looks for a newer one, has no such cache.
  module.enableCompileCache?.();
  await launch(import.meta.url, async () => {
    const { runProgram } = await import('./program.js');
    const code = await runProgram(args);
    // What was written is read; whatever else is under way, such as a question that was given up, holds nobody.
    await Promise.all([process.stdout, process.stderr].map(written));
    process.exit(code);
  });
}
