import { getJson } from './client.js';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly detail: string;
  /** What to do about it. Absent when all is well. */
  readonly remedy?: string;
}

/** A provider that does not answer is waited for. */
const timeoutMs = 60_000;

/** Looks at every part, and asks each provider for its models. */
export async function fetchChecks(signal: AbortSignal): Promise<readonly Check[]> {
  return (await getJson<{ checks: readonly Check[] }>('api/diagnostics', { signal, timeoutMs })).checks;
}
