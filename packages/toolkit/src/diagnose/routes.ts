import { routesOf } from '../providers/routes-of.js';
import type { Toolkit } from '../toolkit.js';
import { type Diagnosis, ok } from './diagnosis.js';

/** Whether the providers that routes name are in use. Says nothing where there are no routes. */
export async function diagnoseRoutes({ config, providers }: Toolkit): Promise<readonly Diagnosis[]> {
  const { length } = routesOf(config.routes, await providers());
  return length === 0 ? [] : [ok('routes', `${length} valid`)];
}
