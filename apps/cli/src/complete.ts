import { createToolkit, loadConfig } from '@ai-toolkit/toolkit';
import { candidatesAt } from './completion/candidates.js';
import { positionOf } from './completion/position.js';
import { exitCode } from './exit-code.js';
import { createProgram } from './program.js';
import { version } from './version.js';

/**
 * Answers the request of a shell completion: `--` and the words of the command line, the one under the cursor last. Not
 * a command of the program, since it inspects all of them. Fails silently.
 */
export async function complete([, ...words]: readonly string[]): Promise<number> {
  const position = positionOf(await createProgram([], version, () => {}), words);
  const loaded = await loadConfig().catch(() => undefined);
  const toolkit = loaded === undefined ? undefined : createToolkit(loaded, { isBrief: true });
  const { words: found, files } = await candidatesAt(position, toolkit);
  await toolkit?.close();
  const lines = [
    ...(files ? [':files'] : []),
    ...found.map(({ value, description }) => `${value}\t${description}`),
  ];
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  return exitCode.done;
}
