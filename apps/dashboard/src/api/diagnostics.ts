import { getJson } from './client.js';

/** The result of one check. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly detail: string;
  /** What to do about it. Absent if all is well. */
  readonly remedy?: string;
}

/** Long, since the checks wait for providers that do not answer. */
const timeoutMs = 60_000;

/** Runs all checks, which ask each provider for its models. */
export async function fetchChecks(signal: AbortSignal): Promise<readonly Check[]> {
  return (await getJson<{ checks: readonly Check[] }>('api/diagnostics', { signal, timeoutMs })).checks;
}
