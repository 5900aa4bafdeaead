import { isAbsolute, join } from 'node:path';
import { readOwnFile } from '../files/read-own-file.js';
import { PlanError } from '../plan-error.js';
import { createStageGraph, type StageGraph } from '../stages/stage-graph.js';
import { invalidPipeline } from './invalid-pipeline.js';

const names = ['pipeline.toml', 'pipeline.json'] as const;
/** Far more than any list of stages needs. */
const maxBytes = 1024 * 1024;

/**
 * The pipeline in a project's folder; undefined if it has none. Symbolic links are refused. Fails with
 * `PLAN_PIPELINE_INVALID`, naming the file, the position and the problem.
 */
export async function readPipeline(folder: string): Promise<StageGraph | undefined> {
  if (!isAbsolute(folder)) return undefined;
  const found: { path: string; text: string }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const refusal = (problem: string, cause?: unknown): PlanError => invalidPipeline(path, problem, cause);
    const text = await readOwnFile(path, { maxBytes, mayBeLink: false, refusal });
    if (text !== undefined) found.push({ path, text });
  }
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (second !== undefined)
    throw invalidPipeline(first.path, `there is also ${names[1]}; keep one of the two`);
  const { path, text } = first;
  // Loaded on demand: most projects have no pipeline and need neither of its parsers.
  const { parsePipeline } = await import('./parse-pipeline.js');
  const stages = parsePipeline(path, text);
  try {
    return createStageGraph(stages);
  } catch (error) {
    if (!PlanError.isInstance(error)) throw error;
    throw invalidPipeline(path, error.message.replace(/\.$/u, ''), error);
  }
}
