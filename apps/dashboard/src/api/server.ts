import { getJson } from './client.js';

/** `/api/info` */
export interface ServerInfo {
  readonly version: string;
  /** Epoch, ms. */
  readonly startedAt: number;
  readonly providers: readonly { readonly name: string; readonly baseUrl: string; readonly reason: string }[];
  readonly home: string;
  /** Empty if the server is a single process. */
  readonly workers: readonly { readonly state: 'starting' | 'ready'; readonly restarts: number }[];
  /** Model requests need a gateway key. */
  readonly keysRequired: boolean;
}

export function fetchInfo(signal: AbortSignal): Promise<ServerInfo> {
  return getJson<ServerInfo>('api/info', { signal });
}
