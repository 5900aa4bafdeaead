import type { JsonValue } from '../json.js';

/** A count of tokens as a provider tells it; absent for what can be none, such as the -1 by which some servers say that they do not know. */
export function tokenCount(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
