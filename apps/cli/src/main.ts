import { enableCompileCache } from 'node:module';
import { launch } from '@ai-toolkit/toolkit/launch';
import { version } from './version.js';

// A reader who has seen enough (`| head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  // Compiled code is kept in the folder for temporary files; where it cannot be, everything is compiled anew.
  enableCompileCache();
  await launch(import.meta.url, async () => {
    const { runProgram } = await import('./program.js');
    process.exitCode = await runProgram(args);
  });
}
