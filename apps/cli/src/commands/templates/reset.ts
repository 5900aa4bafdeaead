import { type GlobalFlags, runCommand } from '../../run-command.js';
import { confirm } from '../../terminal.js';

export interface ResetTemplateFlags {
  readonly all?: boolean;
  readonly yes?: boolean;
}

export function resetTemplate(
  name: string | undefined,
  { all = false, yes = false }: ResetTemplateFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    if ((name === undefined) !== all) throw new TypeError('Name one template, or say --all.');
    const planner = await import('@ai-toolkit/planner');
    const folder = toolkit.paths.templates;
    const source = await toolkit.templates();
    const named = name === undefined ? undefined : await planner.templateNamed(source, name);
    const own = (named === undefined ? await planner.describeTemplates(source) : [named])
      .filter(({ origin }) => origin !== 'built-in')
      .map((template) => template.name);
    const question = `Remove ${named === undefined ? 'all your templates' : `your ${named.name}`} from ${folder}?`;
    if (own.length > 0) await confirm(question, yes, globals);
    const reset =
      named === undefined
        ? await planner.resetAllTemplates(folder)
        : (await planner.resetTemplate(folder, named.name))
          ? [named.name]
          : [];
    const nothing =
      named === undefined
        ? 'There were no templates of yours.'
        : `${named.name} is the built-in one already.`;
    output.result(
      { reset },
      reset.length === 0 ? nothing : reset.map((one) => `Your ${one} is removed.`).join('\n'),
    );
    return undefined;
  });
}
