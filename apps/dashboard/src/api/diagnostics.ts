import type { Diagnosis as Check } from '@ai-toolkit/toolkit';
import { getJson } from './client.js';

export type { Check };

/** A provider that does not answer is waited for. */
const timeoutMs = 60_000;

/** Looks at every part, and asks each provider for its models. */
export async function fetchChecks(signal: AbortSignal): Promise<readonly Check[]> {
  return (await getJson<{ checks: readonly Check[] }>('api/diagnostics', { signal, timeoutMs })).checks;
}
