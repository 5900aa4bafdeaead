import type { OlderMigration } from '@ai-toolkit/project-store';
import { exitCode } from '../exit-code.js';
import { requirePath } from '../named-file.js';
import { counted } from '../output/counted.js';
import { createProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { resumeBy } from '../resume.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface MigrateFlags {
  readonly dryRun?: boolean;
}

export function migrate(
  dir: string,
  { dryRun = false }: MigrateFlags,
  globals: GlobalFlags,
): Promise<number> {
  return runCommand(globals, async ({ toolkit, output, signal }) => {
    resumeBy(signal);
    await requirePath(dir);
    const [store, { migrateOlderLayout }] = await Promise.all([
      toolkit.projects(),
      import('@ai-toolkit/project-store'),
    ]);
    const projects: OlderMigration[] = [];
    {
      using progress = createProgress(output, globals);
      progress.step(`Looking for projects in ${dir}`);
      for await (const project of migrateOlderLayout(store, dir, { dryRun, signal })) {
        projects.push(project);
        progress.update(`${counted(projects.length, 'project')}, the last one ${project.file}`);
        for (const note of notesOf(project)) progress.notice(`${project.file}: ${note}`);
      }
    }
    const count = (outcome: OlderMigration['outcome']): number =>
      projects.filter((project) => project.outcome === outcome).length;
    const damaged = count('damaged');
    const message = `${damaged} of ${counted(projects.length, 'project')} could not be read.`;
    const error = {
      code: 'FAILURE',
      message,
      hint: 'The others are migrated. Fix the files and migrate again.',
      exitCode: exitCode.failure,
    };
    output.result({ dryRun, projects, ...(damaged === 0 ? {} : { error }) }, table(projects.map(row)));
    output.notice(
      `${count('migrated')} ${dryRun ? 'to be migrated' : 'migrated'}, ${count('known')} migrated before, ${count('present')} of the present layout, ${damaged} damaged`,
    );
    return damaged === 0 ? undefined : exitCode.failure;
  });
}

function notesOf(project: OlderMigration): readonly string[] {
  return 'notes' in project ? project.notes : [];
}

function row(project: OlderMigration): string[] {
  const { file, outcome } = project;
  if (outcome === 'damaged') return [outcome, file, project.reason];
  if (outcome === 'present') return [outcome, file];
  const id = outcome === 'migrated' ? project.project?.id : project.id;
  return [outcome, file, project.name, id ?? ''];
}
