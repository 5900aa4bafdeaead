import { createToolkit, loadConfig } from '@ai-toolkit/toolkit';
import { candidatesAt } from './completion/candidates.js';
import { positionOf } from './completion/position.js';
import { exitCode } from './exit-code.js';
import { createProgram } from './program.js';
import { version } from './version.js';

/**
 * What a shell's completion asks: `--`, and the words of the command line, the one under the cursor last. No command of the program, as it
 * looks at all of them. Silent on every failure.
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
