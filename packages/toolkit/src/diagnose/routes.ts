import { routesOf } from '../providers/routes-of.js';
import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, ok } from './diagnosis.js';

/** Checks that the providers named by routes are in use. Empty if there are no routes. */
export async function diagnoseRoutes({ config, providers }: Toolkit): Promise<readonly Diagnosis[]> {
  const { length } = routesOf(config.routes, await providers());
  return length === 0 ? [] : [ok('routes', `${length} valid`)];
}
