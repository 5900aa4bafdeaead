import { getJson } from './client.js';

/** `/api/info` */
export interface ServerInfo {
  readonly version: string;
  /** Epoch, ms. */
  readonly startedAt: number;
  readonly providers: readonly { readonly name: string; readonly baseUrl: string; readonly reason: string }[];
  readonly home: string;
  /** Empty where the server is one process. */
  readonly workers: readonly { readonly state: 'starting' | 'ready'; readonly restarts: number }[];
  /** Nobody asks a model without a key of the gateway. */
  readonly keysRequired: boolean;
}

export function fetchInfo(signal: AbortSignal): Promise<ServerInfo> {
  return getJson<ServerInfo>('api/info', { signal });
}
