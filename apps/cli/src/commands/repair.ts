import type { RepairReport } from '@ai-toolkit/project-store';
import { counted } from '../output/counted.js';
import { createProgress } from '../output/progress.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface RepairFlags {
  readonly dryRun?: boolean;
}

export function repair({ dryRun = false }: RepairFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const store = await toolkit.projects();
    const progress = createProgress(output, globals);
    progress.step('Looking at every project');
    const report = await store.repair({ dryRun, quarantine: true }).finally(() => progress[Symbol.dispose]());
    output.result({ dryRun, ...report }, lines(report, dryRun).join('\n'));
    return undefined;
  });
}

function lines(report: RepairReport, dryRun: boolean): string[] {
  const { orphans, unfinished, damaged, quarantined, movable, indexed } = report;
  const movablePaths = new Set(movable.map(({ path }) => path));
  const did = (what: string): string => (dryRun ? `to be ${what}` : what);
  const found = [
    ...unfinished.map((path) => `${did('finished')}  ${path}: a change was interrupted`),
    ...orphans.map((path) => `${did('removed')}  ${path}: nobody will finish it`),
    ...quarantined.map(({ path, reason, movedTo }) => `moved aside  ${path}: ${reason}\n  to ${movedTo}`),
    ...damaged.map(({ path, reason }) =>
      movablePaths.has(path) && dryRun
        ? `to be moved aside  ${path}: ${reason}`
        : `damaged  ${path}: ${reason}`,
    ),
  ];
  const index = indexed === undefined ? [] : [`The index was rebuilt: ${counted(indexed, 'project')}.`];
  return found.length === 0 ? ['Nothing is unfinished or damaged.', ...index] : [...found, ...index];
}
