import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
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

const args = process.argv.slice(2);
const instant = instantAnswer(args);
if (instant !== undefined) {
  process.stdout.write(instant);
} else {
  // Compiled code is kept in the folder for temporary files; where it cannot be, everything is compiled anew.
  enableCompileCache();
  await launch(import.meta.url, async () => {
    const { runProgram } = await import('./program.js');
    process.exitCode = await runProgram(args);
  });
}
