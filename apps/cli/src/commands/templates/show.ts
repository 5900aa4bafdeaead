import { type GlobalFlags, runCommand } from '../../run-command.js';

export function showTemplate(name: string, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { templateNamed } = await import('@ai-toolkit/planner');
    const template = await templateNamed(await toolkit.templates(), name);
    output.result(template, template.text.replace(/\n$/u, ''));
    output.detail(`from: ${template.origin}`);
    return undefined;
  });
}
