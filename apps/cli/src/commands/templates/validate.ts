import { type GlobalFlags, runCommand } from '../../run-command.js';

export function validateTemplate(name: string, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const planner = await import('@ai-toolkit/planner');
    const source = await toolkit.templates();
    await planner.validateTemplate(source, name);
    const { origin } = await planner.templateNamed(source, name);
    output.result({ name, origin, valid: true }, `${name} is valid (${origin}).`);
    return undefined;
  });
}
