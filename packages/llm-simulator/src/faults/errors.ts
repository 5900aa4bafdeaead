import type { ApiFailure, Dialect } from '../api-error.js';
import type { Fault } from './fault.js';
import { retryHeaders } from './retry-headers.js';

const MESSAGES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    insufficient_quota:
      'You exceeded your current quota, please check your plan and billing details. (simulated)',
    overloaded_error: 'Overloaded (simulated)',
  }),
);

/** OpenAI errors whose type and code are the same word; for the others the word is the code. */
const SAME_TYPE_AND_CODE = new Set(['insufficient_quota', 'server_error']);

const STATUSES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    insufficient_quota: 429,
    rate_limit_exceeded: 429,
    rate_limit_error: 429,
    overloaded_error: 529,
    authentication_error: 401,
    invalid_api_key: 401,
    permission_error: 403,
    model_not_found: 404,
    not_found_error: 404,
    invalid_request_error: 400,
    context_length_exceeded: 400,
  }),
);

/** Whether the fault replaces the answer with an HTTP error, rather than putting one inside an answer. */
export function failsAtOnce(fault: Fault): boolean {
  return (
    fault.status !== undefined ||
    (fault.error !== undefined && fault.errorAfter === undefined && fault.errorBody !== true)
  );
}

/** The error a fault stands for. `now` is in epoch ms. */
export function faultFailure(fault: Fault, dialect: Dialect, now: number): ApiFailure {
  const status = fault.status ?? STATUSES.get(fault.error ?? '') ?? (dialect === 'anthropic' ? 529 : 500);
  const styles =
    fault.retryAfterStyle ?? (status === 429 || fault.retryAfterMs !== undefined ? ['seconds'] : []);
  const headers = retryHeaders(styles, fault.retryAfterMs, now);
  if (fault.shouldRetry !== undefined) headers['x-should-retry'] = String(fault.shouldRetry);
  const name = fault.error;
  const message = MESSAGES.get(name ?? '') ?? defaultMessage(status);
  if (name === undefined) {
    const code = dialect === 'openai' && status === 429 ? 'rate_limit_exceeded' : null;
    return { status, message, code, headers };
  }
  const typed = dialect === 'anthropic' || SAME_TYPE_AND_CODE.has(name);
  return { status, message, code: name, headers, ...(typed ? { type: name } : {}) };
}

function defaultMessage(status: number): string {
  if (status === 429) return 'Rate limit reached. Please try again later. (simulated)';
  if (status === 529) return 'Overloaded (simulated)';
  if (status >= 500) return 'The server had an error while processing your request. (simulated)';
  return `The request was refused with status ${status}. (simulated)`;
}
