import { counted } from '../output/counted.js';
import { createProgress } from '../output/progress.js';
import { errorReport } from '../output/report-error.js';
import { table } from '../output/table.js';
import { resumeBy } from '../resume.js';
import { type Context, type GlobalFlags, runCommand } from '../run-command.js';
import { noticeStage, type StageResult, stageResult } from './stage-report.js';

export interface RunFlags {
  readonly project: string;
  readonly stages?: readonly number[];
  readonly stale?: boolean;
  readonly concurrency?: number;
  readonly maxCost?: number;
}

export function run(flags: RunFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async (context) => {
    const { output, signal } = context;
    resumeBy(signal);
    const stages: StageResult[] = [];
    try {
      await runStages(context, flags, globals, stages);
    } catch (error) {
      if (!output.json || stages.length === 0) throw error;
      // The JSON document includes the stages completed before the failure.
      const report = errorReport(signal.aborted ? signal.reason : error);
      output.result({ stages, error: report }, '');
      return report.exitCode;
    }
    output.result({ stages }, table(stages.map(row)));
    return undefined;
  });
}

/** Runs the stages, reports events, and adds the result of each stage to `results`, by number. */
async function runStages(
  { toolkit, output, signal }: Context,
  { project, stages, stale = false, concurrency, maxCost }: RunFlags,
  globals: GlobalFlags,
  results: StageResult[],
): Promise<void> {
  const planner = await toolkit.planner();
  using progress = createProgress(output, globals);
  const written = new Map<string, number>();
  const events = planner.run(project, {
    signal,
    stale,
    ...(stages === undefined ? {} : { stages }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(maxCost === undefined ? {} : { maxCost }),
  });
  for await (const event of events) {
    const title = `${event.stage} ${event.name}`;
    if (event.type === 'started') written.set(title, 0);
    if (event.type === 'text') written.set(title, (written.get(title) ?? 0) + event.text.length);
    const result = stageResult(event);
    if (result !== undefined) {
      written.delete(title);
      results.push(result);
      results.sort((a, b) => a.stage - b.stage);
    }
    noticeStage(progress, event);
    progress.update([...written].map(state).join(', '));
  }
}

function state([title, length]: readonly [title: string, length: number]): string {
  return `${title}: ${length === 0 ? 'waiting' : counted(length, 'character')}`;
}

function row({ stage, name, outcome, path, why }: StageResult): string[] {
  return [String(stage), name, outcome, path ?? why ?? ''];
}
