import type { Planner, StageRunOptions } from '@ai-toolkit/planner';
import type { Output } from '../output/output.js';
import { noticeStage, type StageResult, stageResult } from './stage-report.js';

/** Runs a stage and streams its text to stdout. */
export async function streamStage(
  planner: Planner,
  output: Output,
  project: string,
  stage: number,
  options: StageRunOptions,
): Promise<StageResult | undefined> {
  let result: StageResult | undefined;
  let isAtStart = true;
  for await (const event of planner.runStage(project, stage, options)) {
    if (event.type === 'text') {
      output.stream(event.text);
      isAtStart = event.text.endsWith('\n');
      continue;
    }
    // The document ends with a line break even if the answer did not.
    if (event.type === 'done' && !isAtStart) output.stream('\n');
    noticeStage(output, event);
    result = stageResult(event) ?? result;
  }
  return result;
}
