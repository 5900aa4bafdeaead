import { StoreError } from '@ai-toolkit/project-store';
import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, failure, ok } from './diagnosis.js';

/** Reads every project's metadata. */
export async function diagnoseProjects(toolkit: Toolkit): Promise<Diagnosis[]> {
  const store = await toolkit.projects();
  try {
    const found = await store.getAll();
    const damaged = found.filter((entry) => entry.kind === 'damaged');
    const whole = ok('projects', `${found.length - damaged.length} in ${toolkit.paths.projects}`);
    const remedy =
      'Restore its project.json from version control or a backup; the texts beside it are untouched.';
    return [whole, ...damaged.map(({ path, reason }) => failure('project', `${path}: ${reason}`, remedy))];
  } catch (error) {
    if (!StoreError.isInstance(error)) throw error;
    return [failure('projects', error.message, error.hint)];
  }
}
