import type { ModelRoute } from '@ai-toolkit/ai-client';
import type { Config } from '../config/schema.js';
import { present } from '../present.js';

/** A route of the configuration as the pipeline takes it. */
export function routeOf({ targets, fallbacks, ...route }: Config['routes'][number]): ModelRoute {
  return {
    ...present(route),
    targets: targets.map(present),
    ...(fallbacks === undefined ? {} : { fallbacks: fallbacks.map(present) }),
  };
}
