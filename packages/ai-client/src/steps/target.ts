import type { JsonObject } from '../json.js';
import type { Provider } from '../providers/provider.js';

/** One upstream that may answer a request, and what it is asked. */
export interface Target {
  readonly provider: Provider;
  /** The model as this provider names it. */
  readonly model: string;
  /** The request for it, parsed and as bytes. */
  readonly request: JsonObject;
  readonly body: Uint8Array;
  /** Key of its answer; absent on a bypass. */
  readonly key?: string;
  /** Longest silence of this upstream, ms, where the call sets none. */
  readonly idleTimeoutMs?: number;
}
