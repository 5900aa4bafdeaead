import { type ProjectSummary, StoreError } from '@ai-toolkit/project-store';
import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, failure, ok } from './diagnosis.js';

/** Reads the metadata of every project, and the projects' own pipelines. */
export async function diagnoseProjects(toolkit: Toolkit): Promise<Diagnosis[]> {
  const store = await toolkit.projects();
  try {
    const found = await store.getAll();
    const damaged = found.filter((entry) => entry.kind === 'damaged');
    const { url } = toolkit.config.projects;
    const whole = ok(
      'projects',
      `${found.length - damaged.length} in ${placeOf(url) ?? toolkit.paths.projects}`,
    );
    const remedy =
      url === undefined
        ? 'Restore its project.json from version control or a backup (the texts beside it are untouched), or have it moved aside: ai-toolkit repair'
        : 'Restore its row from a backup of the database; its revisions are untouched.';
    return [
      whole,
      ...damaged.map(({ path, reason }) => failure('project', `${path}: ${reason}`, remedy)),
      ...(await diagnosePipelines(found.filter((entry) => entry.kind === 'project'))),
    ];
  } catch (error) {
    if (!StoreError.isInstance(error)) throw error;
    return [failure('projects', error.message, error.hint)];
  }
}

/** Sequential: most projects have no pipeline, which is quickly established. */
async function diagnosePipelines(projects: readonly ProjectSummary[]): Promise<Diagnosis[]> {
  const { PlanError, readPipeline } = await import('@ai-toolkit/planner');
  const broken: Diagnosis[] = [];
  for (const { path } of projects) {
    try {
      await readPipeline(path);
    } catch (error) {
      if (!PlanError.isInstance(error)) throw error;
      broken.push(failure('pipeline', error.message, error.hint));
    }
  }
  return broken;
}

/** Database name and host of a URL, without user and password. */
function placeOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const { host, pathname } = new URL(url);
  return `the database ${pathname.slice(1)} on ${host}`;
}
