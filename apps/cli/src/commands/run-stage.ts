import type { StageRunOptions } from '@ai-toolkit/planner';
import { resumeBy } from '../resume.js';
import { type GlobalFlags, runCommand } from '../run-command.js';
import { canAsk } from '../terminal.js';
import { type CacheFlags, cacheMode } from './cache-mode.js';
import { streamStage } from './stream-stage.js';
import { readVariables } from './variables.js';

export interface RunStageFlags extends CacheFlags {
  readonly project: string;
  readonly stage: number;
  readonly var: readonly string[];
  readonly template?: string;
  readonly interactive?: boolean;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly maxCost?: number;
}

export function runStage(flags: RunStageFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    const { project, stage, interactive = false } = flags;
    if (interactive && !canAsk(globals)) {
      throw new TypeError(
        '--interactive asks what to do with the text, and nobody can be asked here: it needs a terminal, and neither --json nor --no-input.',
      );
    }
    resumeBy(signal);
    const options = { signal, ...optionsOf(flags) };
    const planner = await toolkit.planner();
    if (interactive) {
      const { reviewStage } = await import('./review-stage.js');
      output.result(await reviewStage({ planner, output, project, stage, options }), '');
      return undefined;
    }
    const result = await streamStage(planner, output, project, stage, options);
    output.result(result, result?.outcome === 'done' ? '' : `${stage} is up to date.`);
    return undefined;
  });
}

function optionsOf(flags: RunStageFlags): StageRunOptions {
  const { template, model, maxTokens, maxCost } = flags;
  return {
    cache: cacheMode(flags),
    variables: readVariables(flags.var),
    ...(template === undefined ? {} : { template }),
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(maxCost === undefined ? {} : { maxCost }),
  };
}
