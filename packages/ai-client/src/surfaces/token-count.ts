import type { JsonValue } from '../json.js';

/** Validates a reported token count; `undefined` for impossible values, such as the -1 that some servers send for "unknown". */
export function tokenCount(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
