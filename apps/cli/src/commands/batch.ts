import { join } from 'node:path';
import type { BatchEvent, BatchRow } from '@ai-toolkit/planner';
import { exitCode } from '../exit-code.js';
import { counted } from '../output/counted.js';
import { createProgress, type Progress } from '../output/progress.js';
import { type ErrorReport, errorReport } from '../output/report-error.js';
import { table } from '../output/table.js';
import { resumeBy } from '../resume.js';
import { type GlobalFlags, runCommand } from '../run-command.js';
import { noticeStage, type StageResult, stageResult } from './stage-report.js';

export interface BatchFlags {
  readonly file: string;
  readonly restart?: boolean;
  readonly concurrency?: number;
}

/** Result of a row, for `--json`. */
interface RowResult {
  readonly row: number;
  readonly operation: string;
  readonly project: string;
  readonly stage?: number;
  /** `known`: done by an earlier call. `open`: not done when the batch was interrupted. */
  outcome: 'done' | 'known' | 'failed' | 'open';
  /** Summary of the result, if its stages do not say it. */
  detail?: string;
  /** Stages that were run for it. */
  readonly stages: StageResult[];
  error?: ErrorReport;
}

export function batch(
  { file, restart = false, concurrency }: BatchFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    resumeBy(signal, ['--restart']);
    const { readBatch, runBatch } = await import('@ai-toolkit/planner');
    const rows = await readBatch(file);
    const results = rows.rows.map(emptyResult);
    const [planner, store] = await Promise.all([toolkit.planner(), toolkit.projects()]);
    let failure: ErrorReport | undefined;
    try {
      using progress = createProgress(output, globals);
      const events = runBatch(rows, {
        planner,
        store,
        recordFolder: join(toolkit.paths.state, 'batches'),
        restart,
        signal,
        ...(concurrency === undefined ? {} : { concurrency }),
      });
      for await (const event of events) {
        const result = results[event.row - 1];
        if (result !== undefined) take(event, result, progress, results);
      }
    } catch (error) {
      if (!output.json) throw error;
      failure = errorReport(signal.aborted ? signal.reason : error);
    }
    const failed = results.filter(({ outcome }) => outcome === 'failed').length;
    failure ??= failed === 0 ? undefined : failedRows(failed, results.length);
    output.result(
      { file: rows.file, rows: results, ...(failure === undefined ? {} : { error: failure }) },
      table(results.map(line)),
    );
    if (results.every(({ outcome }) => outcome === 'known')) {
      output.notice('All rows are already done. To start over: --restart');
    }
    if (failure === undefined) return undefined;
    if (!output.json) output.notice(`${failure.message} ${failure.hint ?? ''}`);
    return failure.exitCode;
  });
}

function emptyResult(row: BatchRow, index: number): RowResult {
  const { operation, projectId } = row;
  const stage = 'stage' in row ? { stage: row.stage } : {};
  return { row: index + 1, operation, project: projectId, ...stage, outcome: 'open', stages: [] };
}

function take(event: BatchEvent, result: RowResult, progress: Progress, all: readonly RowResult[]): void {
  const title = `row ${result.row} of ${all.length}, ${result.operation} ${result.project}`;
  switch (event.type) {
    case 'row-started':
      progress.step(title);
      break;
    case 'stage': {
      noticeStage({ notice: (text) => progress.notice(`row ${result.row}: ${text}`) }, event.event);
      const stage = stageResult(event.event);
      if (stage !== undefined) result.stages.push(stage);
      break;
    }
    case 'row-done':
      result.outcome = 'done';
      if (event.detail !== undefined) result.detail = event.detail;
      progress.notice(`${title}: done${event.detail === undefined ? '' : `, ${event.detail}`}`);
      break;
    case 'row-known':
      result.outcome = 'known';
      progress.notice(`${title}: done by an earlier call`);
      break;
    case 'row-failed':
      result.outcome = 'failed';
      result.error = errorReport(event.error);
      progress.notice(`${title}: failed, ${result.error.message}`);
      break;
  }
}

function failedRows(failed: number, all: number): ErrorReport {
  const message = `${failed} of ${counted(all, 'row')} failed.`;
  const hint = 'The same command tries them again; what is done is not done twice.';
  return { code: 'FAILURE', message, hint, exitCode: exitCode.failure };
}

function line({ row, operation, project, stage, outcome, detail, error }: RowResult): string[] {
  const why = error === undefined ? detail : `${error.message} ${error.hint ?? ''}`;
  return [String(row), operation, project, stage === undefined ? '' : String(stage), outcome, why ?? ''];
}
