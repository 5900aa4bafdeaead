import type { CacheReport, LedgerCall, ServerInfo, UsageReport } from './api.js';
import { type Range, rangeStep } from './state/range.js';

/** Why the server gave no answer. */
export type Trouble = 'forbidden' | 'unreachable' | 'failed';

export class ApiError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, message: string) {
    super(message);
    this.name = 'ApiError';
    this.trouble = trouble;
  }
}

/** Everything that the page shows of a span of time. */
export interface Figures {
  readonly overTime: UsageReport;
  readonly byModel: UsageReport;
  readonly cache: CacheReport | null;
}

const answerTimeoutMs = 10_000;

export async function fetchFigures(range: Range, signal: AbortSignal): Promise<Figures> {
  const [overTime, byModel, cache] = await Promise.all([
    get<UsageReport>(`api/usage?since=${range}&by=${rangeStep[range]}`, signal),
    get<UsageReport>(`api/usage?since=${range}&by=model`, signal),
    // The page is worth showing without the cache's own figures.
    get<CacheReport>('api/cache', signal).catch(() => null),
  ]);
  return { overTime, byModel, cache };
}

export async function fetchCalls(limit: number, signal: AbortSignal): Promise<readonly LedgerCall[]> {
  return (await get<{ calls: readonly LedgerCall[] }>(`api/usage/calls?limit=${limit}`, signal)).calls;
}

export function fetchInfo(signal: AbortSignal): Promise<ServerInfo> {
  return get<ServerInfo>('api/info', signal);
}

async function get<T>(path: string, signal: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(answerTimeoutMs);
  let response: Response;
  try {
    response = await fetch(path, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError('unreachable', 'The server does not answer.');
  }
  if (response.status === 401 || response.status === 403) {
    throw new ApiError('forbidden', 'The server asks for an admin key.');
  }
  if (!response.ok)
    throw new ApiError('failed', `The server answered ${path} with status ${response.status}.`);
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError('failed', `The server answered ${path} with something that is not JSON.`);
  }
}
