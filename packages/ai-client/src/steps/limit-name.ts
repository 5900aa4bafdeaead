/** A unit with its own limits at a provider. */
export interface LimitedUpstream {
  /** Name of the provider. */
  readonly provider: string;
  /** As the provider names it. */
  readonly model: string;
}

/** The limiter's key for a model of a provider. */
export function limitName(provider: string, model: string): string {
  return `${provider}:${model}`;
}
