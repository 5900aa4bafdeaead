/** Where the requests for a model go, when its name alone does not say it. */
export interface ModelRoute {
  /** The model as callers name it; a `*` at its end stands for anything. The first route that fits is taken. */
  readonly model: string;
  /** Requests are spread over these by weight; the same request always goes to the same one, so that its answer is found again. */
  readonly targets: readonly RouteTarget[];
  /** Asked in their order when no target answers: down, out of quota, or refusing in a way that another may not. */
  readonly fallbacks?: readonly RouteTarget[];
  /** Bound on the whole call, ms, where the call sets none. Default: none. */
  readonly timeoutMs?: number;
}

export interface RouteTarget {
  /** Name of the provider. Default: the one that answers for the model. */
  readonly provider?: string;
  /** The model as the provider names it. Default: as the caller does. */
  readonly model?: string;
  /** Share of the requests, any number above 0. Default 1. It has no meaning for a fallback. */
  readonly weight?: number;
  /** Longest silence of this upstream, ms, where the call sets none. Default: that of the pipeline. */
  readonly idleTimeoutMs?: number;
}

/** Throws a `TypeError` or `RangeError` that names the first wrong entry. */
export function checkRoutes(routes: readonly ModelRoute[], providerNames: readonly string[]): void {
  for (const [position, { model, targets, fallbacks = [], timeoutMs }] of routes.entries()) {
    const where = `routes[${position}]`;
    if (typeof model !== 'string' || model === '')
      throw new TypeError(`${where}.model must be a non-empty string, got ${JSON.stringify(model)}`);
    if (targets.length === 0) throw new TypeError(`${where}.targets must name at least one target`);
    checkDuration(`${where}.timeoutMs`, timeoutMs);
    for (const { provider, weight = 1, idleTimeoutMs } of [...targets, ...fallbacks]) {
      if (provider !== undefined && !providerNames.includes(provider)) {
        throw new TypeError(
          `${where} names the provider ${JSON.stringify(provider)}; configured are: ${providerNames.join(', ') || 'none'}`,
        );
      }
      if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
        throw new RangeError(`${where}: weight must be above 0, got ${weight}`);
      checkDuration(`${where}: idleTimeoutMs`, idleTimeoutMs);
    }
  }
}

function checkDuration(name: string, value: number | undefined): void {
  if (value !== undefined && !(value > 0)) throw new RangeError(`${name} must be above 0, got ${value}`);
}
