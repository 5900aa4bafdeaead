import { readNamedFile } from '../../named-file.js';
import { errorReport } from '../../output/report-error.js';
import { type GlobalFlags, runCommand } from '../../run-command.js';

export interface ImportTemplateFlags {
  readonly file: string;
}

export function importTemplate(
  name: string,
  { file }: ImportTemplateFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const planner = await import('@ai-toolkit/planner');
    const text = await readNamedFile(file);
    const path = await planner.importTemplate(toolkit.paths.templates, name, text);
    // Parts it uses, such as a partial, may be added later, so this is reported but not a failure.
    const problem = await planner.validateTemplate(await toolkit.templates(), name).then(
      () => undefined,
      (error: unknown) => errorReport(error),
    );
    output.result(
      {
        name,
        path,
        ...(problem === undefined ? {} : { problem: { code: problem.code, message: problem.message } }),
      },
      path,
    );
    if (problem !== undefined) {
      output.notice(`It cannot be used as it is: ${problem.message} ${problem.hint ?? ''}`);
    }
    return undefined;
  });
}
