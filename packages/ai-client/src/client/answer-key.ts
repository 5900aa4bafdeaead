import { hash } from 'node:crypto';
import type { JsonValue } from '../json.js';
import { canonicalJson } from '../key/canonical.js';
import type { CallOptions } from './ai-client.js';

/** Changes with the meaning of a key or of an answer. */
const schemaVersion = 1;

/**
 * Key of a call: SHA-256 in hex over its method, what is asked, and every option that may change the answer. By exclusion:
 * an option that is not known here is part of the key.
 */
export function answerKey(method: string, asked: unknown, options: CallOptions): string {
  const { signal, timeoutMs, idleTimeoutMs, priority, labels, cache = {}, ...rest } = options;
  const { namespace, sample = 0 } = cache;
  const source = JSON.stringify({ schemaVersion, method, asked, options: rest, namespace, sample });
  return hash('sha256', canonicalJson(JSON.parse(source) as JsonValue, source), 'hex');
}
