import { hash } from 'node:crypto';
import type { JsonValue } from '../json.js';
import { canonicalJson } from '../key/canonical.js';
import type { CallOptions } from './ai-client.js';

/** Bump when the meaning of a key or an answer changes. */
const schemaVersion = 1;

/**
 * Key of a call: SHA-256 in hex over the method, the input, and every option that may change the answer. Options not named here are part of
 * the key by default.
 */
export function answerKey(method: string, asked: unknown, options: CallOptions): string {
  const { signal, timeoutMs, idleTimeoutMs, priority, labels, cache = {}, ...rest } = options;
  const { namespace, sample = 0 } = cache;
  const source = JSON.stringify({ schemaVersion, method, asked, options: rest, namespace, sample });
  return hash('sha256', canonicalJson(JSON.parse(source) as JsonValue, source), 'hex');
}
