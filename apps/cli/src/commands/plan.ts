import type { PlanStep, ProjectPlan } from '@ai-toolkit/planner';
import { counted } from '../output/counted.js';
import { costText, dollars } from '../output/dollars.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface PlanFlags {
  readonly project: string;
  readonly stages?: readonly number[];
  readonly stale?: boolean;
  readonly maxCost?: number;
}

export function plan(flags: PlanFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    const { project, stages, stale = false, maxCost } = flags;
    const planned = await (await toolkit.planner()).plan(project, {
      signal,
      stale,
      ...(stages === undefined ? {} : { stages }),
      ...(maxCost === undefined ? {} : { maxCost }),
    });
    const headings = ['', 'stage', 'action', 'cache', 'tokens in', 'out', 'cost', 'why'];
    const lines = [table([headings, ...planned.steps.map(row)]), '', summary(planned)];
    output.result(planned, lines.join('\n'));
    return undefined;
  });
}

function row({ stage, name, action, why, call }: PlanStep): string[] {
  const { cache, until = [], inputTokens, outputTokens, costUsd, model } = call ?? {};
  const known = until.length === 0 ? cache : `after ${until.join(', ')}`;
  return [
    String(stage),
    name,
    action,
    known ?? '',
    inputTokens === undefined ? '' : `~${inputTokens}`,
    outputTokens === undefined ? '' : `~${outputTokens}`,
    call === undefined ? '' : costUsd === undefined ? 'unknown' : dollars(costUsd),
    [...(model === undefined ? [] : [model]), ...why].join('; '),
  ];
}

function summary({ calls, hits, inputTokens, outputTokens, costUsd }: ProjectPlan): string {
  return `${counted(calls, 'call')}, ${hits} of them known to be in the cache; the rest about ${inputTokens} tokens in, ${outputTokens} out, ${costText(costUsd)}`;
}
