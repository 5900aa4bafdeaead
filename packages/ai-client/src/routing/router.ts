import { AiError } from '../errors.js';
import { offers, type Provider } from '../providers/provider.js';
import type { Surface } from '../surface.js';
import { checkRoutes, type ModelRoute, type RouteTarget } from './model-route.js';
import { surfaceUnsupported } from './surface-unsupported.js';

/** One upstream for a model. */
export interface Upstream {
  readonly provider: Provider;
  /** The model as the provider names it. */
  readonly model: string;
  readonly weight: number;
  readonly idleTimeoutMs?: number;
}

/** An upstream of a model that was passed over, and why. */
export interface SkippedUpstream {
  readonly provider: string;
  readonly model: string;
  readonly reason: string;
}

interface Routed {
  /** Together with the fallbacks, at least one. */
  readonly targets: readonly Upstream[];
  readonly fallbacks: readonly Upstream[];
  readonly skipped: readonly SkippedUpstream[];
  readonly timeoutMs?: number;
}

/**
 * Finds the upstreams for a model that support a surface. Fails with `AI_NO_PROVIDER`, or with `AI_SURFACE_UNSUPPORTED` if none of them
 * supports the surface.
 */
export type Router = (model: string, surface: Surface) => Routed;

/** Models remembered; bounded, since callers choose the names. */
const maxKnown = 1000;

/**
 * Creates a router. It looks for a model among the routes, then as `provider/model`, then among the models that providers claim. The first
 * provider that claims none takes the rest, whatever surfaces it supports: a prompt must not go to a provider that nobody intended.
 */
export function createRouter(providers: readonly Provider[], routes: readonly ModelRoute[]): Router {
  checkRoutes(
    routes,
    providers.map(({ name }) => name),
  );
  const named = (name: string): Provider | undefined => providers.find((provider) => provider.name === name);

  function directly(model: string, surface: Surface): Upstream {
    const slash = model.indexOf('/');
    const prefixed = slash > 0 ? named(model.slice(0, slash)) : undefined;
    if (prefixed !== undefined) return { provider: prefixed, model: model.slice(slash + 1), weight: 1 };
    const claimants = providers.filter(({ accepts }) => accepts?.(model));
    const provider =
      claimants.find((claimant) => offers(claimant, surface)) ??
      claimants[0] ??
      providers.find(({ accepts }) => accepts === undefined);
    if (provider === undefined) throw noProvider(model);
    return { provider, model, weight: 1 };
  }

  function upstream(target: RouteTarget, asked: string, surface: Surface): Upstream {
    const { provider: name, model = asked, weight = 1, idleTimeoutMs } = target;
    const provider = name === undefined ? undefined : named(name);
    return {
      ...(provider === undefined ? directly(model, surface) : { provider, model }),
      weight,
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    };
  }

  function find(model: string, surface: Surface): Routed {
    const route = routes.find((candidate) => fits(candidate.model, model));
    const { targets, fallbacks = [], timeoutMs } = route ?? { targets: [{}] };
    const all = {
      targets: targets.map((target) => upstream(target, model, surface)),
      fallbacks: fallbacks.map((target) => upstream(target, model, surface)),
    };
    const asked = (candidates: readonly Upstream[]): Upstream[] =>
      candidates.filter(({ provider }) => offers(provider, surface));
    const lacking = [...all.targets, ...all.fallbacks].filter(({ provider }) => !offers(provider, surface));
    const [first] = lacking;
    if (first !== undefined && lacking.length === targets.length + fallbacks.length)
      throw surfaceUnsupported(first.provider, surface, providers);
    return {
      targets: asked(all.targets),
      fallbacks: asked(all.fallbacks),
      skipped: lacking.map(({ provider, model: name }) => ({
        provider: provider.name,
        model: name,
        reason: `it has no ${surface}`,
      })),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
  }

  const known = new Map<string, Routed>();
  return (model, surface) => {
    const name = `${surface} ${model}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const routed = find(model, surface);
    if (known.size >= maxKnown) known.clear();
    known.set(name, routed);
    return routed;
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
