import { AiError } from '../errors.js';
import type { Provider } from '../providers/provider.js';
import { checkRoutes, type ModelRoute, type RouteTarget } from './model-route.js';

/** One upstream for a model. */
export interface Upstream {
  readonly provider: Provider;
  /** The model as the provider names it. */
  readonly model: string;
  readonly weight: number;
  readonly idleTimeoutMs?: number;
}

interface Routed {
  /** At least one. */
  readonly targets: readonly Upstream[];
  readonly fallbacks: readonly Upstream[];
  readonly timeoutMs?: number;
}

/** Finds the upstreams for a model. Fails with `AI_NO_PROVIDER`. */
export type Router = (model: string) => Routed;

/**
 * A model is looked for among the routes, then as `provider/model`, then by what providers say they answer for; the first provider
 * that says nothing of it takes the rest.
 */
export function createRouter(providers: readonly Provider[], routes: readonly ModelRoute[]): Router {
  checkRoutes(
    routes,
    providers.map(({ name }) => name),
  );
  const named = (name: string): Provider | undefined => providers.find((provider) => provider.name === name);

  function directly(model: string): Upstream {
    const slash = model.indexOf('/');
    const prefixed = slash > 0 ? named(model.slice(0, slash)) : undefined;
    if (prefixed !== undefined) return { provider: prefixed, model: model.slice(slash + 1), weight: 1 };
    const provider =
      providers.find(({ accepts }) => accepts?.(model)) ??
      providers.find(({ accepts }) => accepts === undefined);
    if (provider === undefined) throw noProvider(model);
    return { provider, model, weight: 1 };
  }

  function upstream(target: RouteTarget, asked: string): Upstream {
    const { provider: name, model = asked, weight = 1, idleTimeoutMs } = target;
    const provider = name === undefined ? undefined : named(name);
    return {
      ...(provider === undefined ? directly(model) : { provider, model }),
      weight,
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    };
  }

  return (model) => {
    const route = routes.find((candidate) => fits(candidate.model, model));
    if (route === undefined) return { targets: [directly(model)], fallbacks: [] };
    const { targets, fallbacks = [], timeoutMs } = route;
    return {
      targets: targets.map((target) => upstream(target, model)),
      fallbacks: fallbacks.map((target) => upstream(target, model)),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
  };
}

function fits(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}

function noProvider(model: string): AiError {
  return new AiError('AI_NO_PROVIDER', `No provider is configured for the model ${JSON.stringify(model)}.`, {
    hint: 'Set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY, or ask for a model of a configured provider.',
  });
}
