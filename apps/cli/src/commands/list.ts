import type { DamagedProject, ProjectSummary } from '@ai-toolkit/project-store';
import { minuteOf } from '../output/moment.js';
import { table } from '../output/table.js';
import { type GlobalFlags, runCommand } from '../run-command.js';

export interface ListFlags {
  readonly tag?: string;
  readonly sort: string;
  readonly limit?: number;
}

export function list(flags: ListFlags, globals: GlobalFlags): Promise<number> {
  return runCommand(globals, async ({ toolkit, output }) => {
    const found = await (await toolkit.projects()).getAll();
    const projects = select(found.filter(isProject), flags);
    const damaged = found.filter(isDamaged);
    output.result({ projects, damaged }, table(projects.map(row)));
    if (found.length === 0) output.notice('No projects. Start one: ai-toolkit init -n NAME -d "the idea"');
    else if (projects.length === 0 && damaged.length < found.length) output.notice('No project matches.');
    for (const [id, copies] of copiesOf(projects))
      output.notice(`${id} is the id of several folders: ${copies.join(', ')}`);
    for (const { path, reason } of damaged) output.notice(`damaged: ${path}: ${reason}`);
    return undefined;
  });
}

/** Folders with the same id, because they were copied, by id. */
function copiesOf(
  projects: readonly ProjectSummary[],
): readonly (readonly [id: string, paths: readonly string[]])[] {
  const byId = Map.groupBy(projects, ({ id }) => id);
  return [...byId].flatMap(([id, same]) =>
    same.length > 1 ? [[id, same.map(({ path }) => path)] as const] : [],
  );
}

function select(projects: readonly ProjectSummary[], { tag, sort, limit }: ListFlags): ProjectSummary[] {
  const tagged = tag === undefined ? [...projects] : projects.filter(({ tags }) => tags.includes(tag));
  const order = sort === 'name' ? byName : sort === 'created' ? byCreation : byUpdate;
  return tagged.sort(order).slice(0, limit);
}

function byName(a: ProjectSummary, b: ProjectSummary): number {
  return a.name.localeCompare(b.name);
}

function byCreation(a: ProjectSummary, b: ProjectSummary): number {
  return b.createdAt - a.createdAt;
}

function byUpdate(a: ProjectSummary, b: ProjectSummary): number {
  return b.updatedAt - a.updatedAt;
}

function row({ id, name, stagesDone, updatedAt }: ProjectSummary): string[] {
  return [id, name, `${stagesDone} done`, minuteOf(updatedAt)];
}

function isProject(entry: ProjectSummary | DamagedProject): entry is ProjectSummary {
  return entry.kind === 'project';
}

function isDamaged(entry: ProjectSummary | DamagedProject): entry is DamagedProject {
  return entry.kind === 'damaged';
}
