/** What has limits of its own at a provider. */
export interface LimitedUpstream {
  /** Its name. */
  readonly provider: string;
  /** As the provider names it. */
  readonly model: string;
}

/** The limiter's key for a model of a provider. */
export function limitName(provider: string, model: string): string {
  return `${provider}:${model}`;
}
