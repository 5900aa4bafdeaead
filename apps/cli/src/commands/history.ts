import type { HistoryEntry, RevisionInput } from '@ai-toolkit/planner';
import { dollars } from '../output/dollars.js';
import { minuteOf } from '../output/moment.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface HistoryFlags {
  readonly project: string;
  /** Default: all. */
  readonly stage?: number;
}

export function history({ project, stage }: HistoryFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const planner = await toolkit.planner();
    const stages = stage === undefined ? (await planner.stagesOf(project)).map(({ id }) => id) : [stage];
    const revisions: (HistoryEntry & { readonly id: string })[] = [];
    for (const number of stages) {
      for (const entry of await planner.history(project, number)) {
        revisions.push({ id: `${entry.stage}@${entry.revision}`, ...entry });
      }
    }
    output.result({ revisions }, table(revisions.map(row)));
    if (revisions.length === 0) output.notice('No revisions: nothing was run or written yet.');
    return undefined;
  });
}

function row(entry: HistoryEntry & { readonly id: string }): string[] {
  const { id, name, origin, createdAt, current, model, tokens, costUsd, cache, inputs } = entry;
  return [
    `${current ? '*' : ' '} ${id}`,
    name,
    origin,
    minuteOf(createdAt),
    model ?? '',
    tokens === undefined ? '' : `${tokens.input} in, ${tokens.output} out`,
    cache === 'hit' ? 'cache' : costUsd === undefined ? '' : dollars(costUsd),
    inputs.length === 0 ? '' : `from ${inputs.map(input).join(', ')}`,
  ];
}

function input({ stage, revision, edited }: RevisionInput): string {
  return `${stage}@${revision}${edited ? ' (edited)' : ''}`;
}
