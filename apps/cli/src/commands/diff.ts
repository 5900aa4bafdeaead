import type { Output } from '../output/output.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface DiffFlags {
  readonly project: string;
  readonly stage?: number;
}

export function diff(from: string, to: string, flags: DiffFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const planner = await toolkit.planner();
    const { stage, revisions } = await planner.findRevisions(flags.project, [from, to], flags.stage);
    const [before = 'current', after = 'current'] = revisions;
    const difference = await planner.diff(flags.project, stage, before, after);
    output.result({ stage, from: before, to: after, ...difference }, painted(difference.unified, output));
    if (difference.unified === '') output.notice('They are the same.');
    return undefined;
  });
}

function painted(unified: string, output: Output): string {
  return unified
    .replace(/\n$/u, '')
    .split('\n')
    .map((line) => {
      if (/^(?:---|\+\+\+) /u.test(line)) return output.style('bold', line);
      if (line.startsWith('+')) return output.style('green', line);
      return line.startsWith('-') ? output.style('red', line) : line;
    })
    .join('\n');
}
