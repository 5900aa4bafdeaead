import { counted } from '../output/counted.js';
import { createProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface ImportCodeFlags {
  readonly project: string;
  readonly file: readonly string[];
  readonly description?: string;
  readonly maxTokens?: number;
  /** Remove imported code. */
  readonly remove?: boolean;
}

export function importCode(flags: ImportCodeFlags, globals: GlobalFlags): Promise<number> {
  return flags.remove === true ? remove(flags, globals) : add(flags, globals);
}

function add(
  { project, file, description, maxTokens }: ImportCodeFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    if (file.length === 0) throw new TypeError('There is nothing to import: name files or folders with -f.');
    const planner = await toolkit.planner();
    const progress = createProgress(output, globals);
    progress.step(`Reading ${file.join(', ')}`);
    const result = await planner
      .importCode(project, file, {
        signal,
        ...(description === undefined ? {} : { description }),
        ...(maxTokens === undefined ? {} : { tokenBudget: maxTokens }),
      })
      .finally(() => progress[Symbol.dispose]());
    const { files, leftOut, tokens, replaced } = result;
    output.result(
      result,
      table(
        files.map(({ path, lines, linesLeftOut }) => [
          path,
          counted(lines, 'line'),
          linesLeftOut === 0 ? '' : `the last ${linesLeftOut} left out`,
        ]),
      ),
    );
    for (const { path, why } of leftOut) output.notice(`left out: ${path}: ${why}`);
    output.notice(
      `${counted(files.length, 'file')}, about ${counted(tokens, 'token')}${replaced ? ', in place of the last import' : ''}`,
    );
    return undefined;
  });
}

function remove({ project, file }: ImportCodeFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    if (file.length > 0) throw new TypeError('Give either files or --remove.');
    const removed = await (await toolkit.planner()).removeCode(project);
    output.result({ removed }, removed ? 'The imported code is taken out.' : 'There is no imported code.');
    return undefined;
  });
}
