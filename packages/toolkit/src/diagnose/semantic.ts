import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, ok } from './diagnosis.js';

/** Checks that questions can be compared, if they are to be. Fails as the first call would. */
export async function diagnoseSemantic(toolkit: Toolkit): Promise<Diagnosis[]> {
  const { model } = toolkit.config.semantic;
  if (model === undefined) return [];
  await toolkit.pipeline();
  return [ok('semantic cache', `Questions are compared by ${model}.`)];
}
