import type { DebuggedPrompt } from '@ai-toolkit/planner';
import type { Output } from '../../output/output.js';
import { type GlobalFlags, runCommand } from '../../run-command.js';
import { readVariables } from '../variables.js';

export interface DebugTemplateFlags {
  readonly project: string;
  /** Default: the first stage that uses the template. */
  readonly stage?: number;
  readonly var: readonly string[];
}

export function debugTemplate(
  name: string,
  { project, stage, var: pairs }: DebugTemplateFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const planner = await toolkit.planner();
    const prompt = await planner.debug(project, {
      template: name,
      variables: readVariables(pairs),
      ...(stage === undefined ? {} : { stage }),
    });
    output.result(prompt, describe(prompt, output));
    if (prompt.missing.length > 0) {
      output.notice(`Only mentioned, since there is no document yet: stage ${prompt.missing.join(', ')}`);
    }
    return undefined;
  });
}

function describe(
  { stage, name, templates, variables, system, prompt }: DebuggedPrompt,
  output: Output,
): string {
  const part = (title: string, text: string): string => `${output.style('bold', title)}\n${text.trimEnd()}\n`;
  return [
    part('stage', `${stage} ${name}`),
    part('templates', templates.map((template) => `${template.name}  ${template.origin}`).join('\n')),
    part('variables', JSON.stringify(variables, null, 2)),
    part('system', system),
    part('prompt', prompt).trimEnd(),
  ].join('\n');
}
