import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';
import { noticeStage, type StageResult, stageResult } from './stage-report.js';

export interface RunFlags {
  readonly project: string;
  readonly stages?: readonly number[];
  readonly stale?: boolean;
  readonly concurrency?: number;
  readonly maxCost?: number;
}

export function run(flags: RunFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    const { project, stages, stale = false, concurrency, maxCost } = flags;
    const planner = await toolkit.planner();
    const results: StageResult[] = [];
    const events = planner.run(project, {
      signal,
      stale,
      ...(stages === undefined ? {} : { stages }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(maxCost === undefined ? {} : { maxCost }),
    });
    for await (const event of events) {
      noticeStage(output, event);
      const result = stageResult(event);
      if (result !== undefined) results.push(result);
    }
    results.sort((a, b) => a.stage - b.stage);
    output.result({ stages: results }, table(results.map(row)));
    return undefined;
  });
}

function row({ stage, name, outcome, path, why }: StageResult): string[] {
  return [String(stage), name, outcome, path ?? why ?? ''];
}
