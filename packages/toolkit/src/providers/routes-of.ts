import type { ModelRoute, RouteTarget } from '@ai-toolkit/ai-client';
import type { Config } from '../config/schema.js';
import { ConfigError } from '../errors.js';
import { present } from '../present.js';
import type { ChosenProvider } from './choose.js';

type Route = Config['routes'][number];

/** Converts the configured routes for the pipeline. Fails with `CONFIG_NO_PROVIDER` if one names a provider that is not in use. */
export function routesOf(routes: readonly Route[], chosen: readonly ChosenProvider[]): ModelRoute[] {
  const names = chosen.map(({ provider }) => provider.name);
  return routes.map(({ targets, fallbacks, ...route }) => {
    const targetOf = ({ provider, ...target }: Route['targets'][number]): RouteTarget => ({
      ...present(target),
      ...(provider === undefined ? {} : { provider: nameOf(provider, route.model, names) }),
    });
    return {
      ...present(route),
      targets: targets.map(targetOf),
      ...(fallbacks === undefined ? {} : { fallbacks: fallbacks.map(targetOf) }),
    };
  });
}

/** An OpenAI-compatible server has its own provider name, but routes refer to it as `openai`, after its section. */
function nameOf(asked: string, model: string, names: readonly string[]): string {
  const name = asked === 'openai' && !names.includes(asked) ? 'openai-compatible' : asked;
  if (names.includes(name)) return name;
  throw new ConfigError(
    'CONFIG_NO_PROVIDER',
    `The route of ${JSON.stringify(model)} names the provider ${JSON.stringify(asked)}, which is not in use.`,
    { hint: `In use are: ${names.join(', ')}. Set the key or the base URL of the other, or leave it out.` },
  );
}
