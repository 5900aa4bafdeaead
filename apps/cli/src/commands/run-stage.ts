import { type GlobalFlags, runCommand } from '../run-command.js';
import { type CacheFlags, cacheMode } from './cache-mode.js';
import { noticeStage, type StageResult, stageResult } from './stage-report.js';

export interface RunStageFlags extends CacheFlags {
  readonly project: string;
  readonly stage: number;
  readonly var: readonly string[];
  readonly template?: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly maxCost?: number;
}

export function runStage(flags: RunStageFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    const { project, stage, template, model, maxTokens, maxCost } = flags;
    const planner = await toolkit.planner();
    const events = planner.runStage(project, stage, {
      signal,
      cache: cacheMode(flags),
      variables: variables(flags.var),
      ...(template === undefined ? {} : { template }),
      ...(model === undefined ? {} : { model }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(maxCost === undefined ? {} : { maxCost }),
    });
    let result: StageResult | undefined;
    for await (const event of events) {
      if (event.type === 'text') output.stream(event.text);
      else noticeStage(output, event);
      result = stageResult(event) ?? result;
    }
    output.result(result, result?.outcome === 'done' ? '' : `${stage} is up to date.`);
    return undefined;
  });
}

function variables(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new TypeError(`--var must look like KEY=VALUE, got ${JSON.stringify(pair)}`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
