import type { Diagnosis as Check } from '@ai-toolkit/toolkit';
import { getJson } from './client.js';

export type { Check };

/** Long, since the checks wait for providers that do not answer. */
const timeoutMs = 60_000;

/** Runs all checks, which ask each provider for its models. */
export async function fetchChecks(signal: AbortSignal): Promise<readonly Check[]> {
  return (await getJson<{ checks: readonly Check[] }>('api/diagnostics', { signal, timeoutMs })).checks;
}
