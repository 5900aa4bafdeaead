import { type GlobalFlags, runCommand } from '../../run-command.js';

export interface ExportTemplateFlags {
  readonly output: string;
  readonly force?: boolean;
}

export function exportTemplate(
  name: string,
  { output: dir, force = false }: ExportTemplateFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { exportTemplateFile } = await import('@ai-toolkit/planner');
    const path = await exportTemplateFile(await toolkit.templates(), name, dir, { force });
    output.result({ name, path }, path);
    output.notice(`When you have edited it: ai-toolkit templates import ${name} -f ${path}`);
    return undefined;
  });
}
