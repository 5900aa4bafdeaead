import { checkDuration, checkFinite, checkNames, show } from '../check.js';

/** Where requests for a model go, if its name alone does not determine that. */
export interface ModelRoute {
  /** The model as callers name it; a trailing `*` matches anything. The first matching route is used. */
  readonly model: string;
  /** Requests are spread over these by weight; the same request always goes to the same target, so that its cached answer is found. */
  readonly targets: readonly RouteTarget[];
  /** Tried in order if no target answers: because it is down, out of quota, or refuses in a way that another may not. */
  readonly fallbacks?: readonly RouteTarget[];
  /** Time limit for the whole call, ms, if the call sets none. Default: none. */
  readonly timeoutMs?: number;
}

export interface RouteTarget {
  /** Name of the provider. Default: the one that answers for the model. */
  readonly provider?: string;
  /** The model as the provider names it. Default: the name that the caller used. */
  readonly model?: string;
  /** Share of the requests, any number above 0. Default 1. It has no meaning for a fallback. */
  readonly weight?: number;
  /** Longest silence of this upstream, ms, if the call sets none. Default: the pipeline's. */
  readonly idleTimeoutMs?: number;
}

const knownOfRoute: Record<keyof ModelRoute, true> = {
  model: true,
  targets: true,
  fallbacks: true,
  timeoutMs: true,
};
const knownOfTarget: Record<keyof RouteTarget, true> = {
  provider: true,
  model: true,
  weight: true,
  idleTimeoutMs: true,
};

/** Throws a `TypeError` or `RangeError` that names the first invalid entry. */
export function checkRoutes(routes: readonly ModelRoute[], providerNames: readonly string[]): void {
  for (const [position, route] of routes.entries()) {
    const where = `routes[${position}]`;
    checkNames(where, route, knownOfRoute);
    const { model, targets, fallbacks = [], timeoutMs } = route;
    if (typeof model !== 'string' || model === '')
      throw new TypeError(`${where}.model must be a non-empty string, got ${show(model)}`);
    for (const [name, list] of Object.entries({ targets, fallbacks }))
      if (!Array.isArray(list)) throw new TypeError(`${where}.${name} must be an array, got ${show(list)}`);
    if (targets.length === 0) throw new TypeError(`${where}.targets must name at least one target`);
    checkDuration(`${where}.timeoutMs`, timeoutMs);
    for (const target of [...targets, ...fallbacks]) checkTarget(where, target, providerNames);
  }
}

function checkTarget(where: string, target: RouteTarget, providerNames: readonly string[]): void {
  checkNames(`${where}: a target`, target, knownOfTarget);
  const { provider, model, weight, idleTimeoutMs } = target;
  if (provider !== undefined && !providerNames.includes(provider)) {
    throw new TypeError(
      `${where} names the provider ${show(provider)}; configured are: ${providerNames.join(', ') || 'none'}`,
    );
  }
  if (model !== undefined && (typeof model !== 'string' || model === ''))
    throw new TypeError(`${where}: model of a target must be a non-empty string, got ${show(model)}`);
  checkFinite(`${where}: weight`, weight);
  if (weight !== undefined && !(weight > 0))
    throw new RangeError(`${where}: weight must be above 0, got ${weight}`);
  checkDuration(`${where}: idleTimeoutMs`, idleTimeoutMs);
}
