import type { ExportFormat } from '@ai-toolkit/planner';
import { counted } from '../output/counted.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface ExportFlags {
  readonly project: string;
  readonly output: string;
  readonly format: ExportFormat;
  readonly force?: boolean;
}

export function exportProject(flags: ExportFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { project, output: dir, format, force = false } = flags;
    const result = await (await toolkit.planner()).export(project, dir, { format, force });
    const { files, missing } = result;
    output.result(result, table(files.map(({ path, action }) => [action, path])));
    output.notice(`${counted(files.length, 'file')} in ${result.dir}`);
    if (missing.length > 0)
      output.notice(`Not included, since there is no document yet: stage ${missing.join(', ')}`);
    return undefined;
  });
}
