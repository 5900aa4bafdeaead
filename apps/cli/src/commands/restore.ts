import { type GlobalFlags, runCommand } from '../run-command.js';
import type { DiffFlags } from './diff.js';
import { staleLine } from './stage-report.js';

export function restore(name: string, flags: DiffFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const planner = await toolkit.planner();
    const { stage, revisions } = await planner.findRevisions(flags.project, [name], flags.stage);
    const [restored] = revisions;
    if (restored === undefined || restored === 'current') {
      throw new TypeError('The current document is current already. Name a revision, such as 2@3.');
    }
    const revision = await planner.restore(flags.project, stage, restored);
    const { stages } = await planner.status(flags.project);
    const stale = stages.filter(({ status }) => status === 'stale').map((one) => one.stage);
    output.result(
      { stage, restored, revision, stale },
      `${stage}@${restored} is current again, as ${stage}@${revision}.`,
    );
    const line = staleLine(stages);
    if (line !== '') output.notice(line);
    return undefined;
  });
}
