import { dirname, resolve } from 'node:path';
import type { Planner } from '../planner.js';
import type { PlannerEvent } from '../run/planner-event.js';
import type { BatchRow } from './batch-row.js';

/** Executes a row. @returns a summary for people; undefined if its events say it all */
export async function* doRow(
  planner: Planner,
  row: BatchRow,
  file: string,
  signal: AbortSignal,
): AsyncGenerator<PlannerEvent, string | undefined, void> {
  const from = (path: string): string => resolve(dirname(file), path);
  switch (row.operation) {
    case 'run-stage': {
      const { operation: _operation, projectId, stage, ...options } = row;
      yield* planner.runStage(projectId, stage, { ...options, signal });
      return undefined;
    }
    case 'run': {
      const { operation: _operation, projectId, ...options } = row;
      yield* planner.run(projectId, { ...options, signal });
      return undefined;
    }
    case 'reset-stage': {
      await planner.resetStage(row.projectId, row.stage);
      return `stage ${row.stage} is not started`;
    }
    case 'import-code': {
      const { projectId, files, description } = row;
      const options = { signal, ...(description === undefined ? {} : { description }) };
      const { files: read, tokens } = await planner.importCode(projectId, files.map(from), options);
      return `${read.length} files, ${tokens} tokens`;
    }
    case 'extract-code': {
      const { projectId, stage, output, force = false } = row;
      const { files, dir } = await planner.extractCode(projectId, stage, from(output), { force });
      return `${files.length} files in ${dir}`;
    }
    case 'export': {
      const { projectId, output, format = 'md', force = false } = row;
      const { files, dir } = await planner.export(projectId, from(output), { format, force });
      return `${files.length} files in ${dir}`;
    }
  }
}
