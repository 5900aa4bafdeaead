import { type GlobalFlags, runCommand } from '../run-command.js';
import { staleLine } from './stage-report.js';

export interface StageFlags {
  readonly project: string;
  readonly stage: number;
}

export function resetStage({ project, stage }: StageFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const planner = await toolkit.planner();
    await planner.resetStage(project, stage);
    const { project: found, stages } = await planner.status(project);
    const name = stages.find((one) => one.stage === stage)?.name;
    const stale = stages.filter(({ status }) => status === 'stale').map((one) => one.stage);
    output.result(
      { project: found.id, stage, name, status: 'not-started', stale },
      `${stage} ${name ?? ''} is not started. Its revisions stay in the history.`,
    );
    const line = staleLine(stages);
    if (line !== '') output.notice(line);
    return undefined;
  });
}
