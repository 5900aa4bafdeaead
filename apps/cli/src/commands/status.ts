import type { ProjectStatus, StageStatus } from '@ai-toolkit/planner';
import { costText, dollars } from '../output/dollars.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface StatusFlags {
  readonly project: string;
}

export function status(flags: StatusFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { project, stages, totals } = await (await toolkit.planner()).status(flags.project);
    const lines = [
      output.style('bold', project.name),
      `${project.id}  ${project.path}`,
      ...(project.description === '' ? [] : [project.description]),
      '',
      table(stages.map(row)),
      '',
      summary(totals),
    ];
    output.result({ project, stages, totals }, lines.join('\n'));
    return undefined;
  });
}

function row({ stage, name, status, why, truncated, tokens, costUsd, model }: StageStatus): string[] {
  const spent = tokens === undefined ? '' : `${tokens.input} in, ${tokens.output} out`;
  const cost = costUsd === undefined ? '' : dollars(costUsd);
  const notes = truncated ? [...why, 'cut short by --max-tokens'] : why;
  return [String(stage), name, status, model ?? '', spent, cost, notes.join('; ')];
}

function summary({ documents, stages, tokens, costUsd }: ProjectStatus['totals']): string {
  return `${documents} of ${stages} documents, ${tokens.input} tokens in, ${tokens.output} out, ${costText(costUsd)}`;
}
