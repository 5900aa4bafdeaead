import type { StageStatus } from '@ai-toolkit/planner';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface StatusFlags {
  readonly project: string;
}

export function status(flags: StatusFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const { project, stages } = await (await toolkit.planner()).status(flags.project);
    const lines = [
      output.style('bold', project.name),
      `${project.id}  ${project.path}`,
      ...(project.description === '' ? [] : [project.description]),
      '',
      table(stages.map(row)),
    ];
    output.result({ project, stages }, lines.join('\n'));
    return undefined;
  });
}

function row({ stage, name, status: state, why, tokens, costUsd, model }: StageStatus): string[] {
  const spent = tokens === undefined ? '' : `${tokens.input} in, ${tokens.output} out`;
  const cost = costUsd === undefined ? '' : `$${costUsd.toFixed(4)}`;
  return [String(stage), name, state, model ?? '', spent, cost, why.join('; ')];
}
