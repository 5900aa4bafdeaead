import { type GlobalFlags, runCommand } from '../../run-command.js';

export interface ResetTemplateFlags {
  readonly all?: boolean;
}

export function resetTemplate(
  name: string | undefined,
  { all = false }: ResetTemplateFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    if ((name === undefined) !== all) throw new TypeError('Name one template, or say --all.');
    const planner = await import('@ai-toolkit/planner');
    const folder = toolkit.paths.templates;
    if (name === undefined) {
      const reset = await planner.resetAllTemplates(folder);
      output.result({ reset }, reset.length === 0 ? 'There were no templates of yours.' : reset.join('\n'));
      return undefined;
    }
    const template = await planner.templateNamed(await toolkit.templates(), name);
    const isReset = await planner.resetTemplate(folder, template.name);
    output.result(
      { reset: isReset ? [name] : [] },
      isReset ? `Your ${name} is removed.` : `${name} is the built-in one already.`,
    );
    return undefined;
  });
}
