import { counted } from '../output/counted.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface ExtractCodeFlags {
  readonly project: string;
  readonly stage: number;
  readonly output: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function extractCode(flags: ExtractCodeFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { project, stage, output: dir, force = false, dryRun = false } = flags;
    const planner = await toolkit.planner();
    const result = await planner.extractCode(project, stage, dir, { force, dryRun });
    const { files, skipped, unnamed } = result;
    output.result({ ...result, dryRun }, table(files.map(({ action, path }) => [action, path])));
    for (const { line, name, why } of skipped) {
      output.notice(`skipped: line ${line}${name === undefined ? '' : `, ${name}`}: ${why}`);
    }
    const others = unnamed === 0 ? '' : `; ${counted(unnamed, 'block')} without the name of a file`;
    output.notice(
      `${counted(files.length, 'file')} ${dryRun ? 'to be written to' : 'in'} ${result.dir}${others}`,
    );
    return undefined;
  });
}
