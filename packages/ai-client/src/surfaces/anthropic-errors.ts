import type { Failure } from '../failure.js';
import type { JsonObject } from '../json.js';
import { writeEvent } from '../sse/events.js';
import { frameBehind } from './error-frame.js';

/** Error types of Anthropic's API by HTTP status, according to its documentation. */
const typeOfStatus: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** An error in the form of Anthropic's API. `details.error_code` is ours, so that scripts can tell our errors from theirs. */
export function anthropicError(failure: Failure, requestId: string): JsonObject {
  const { status, code, message, hint } = failure;
  const type = typeOfStatus[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return {
    type: 'error',
    error: { type, message: `${message} ${hint}`, details: { error_code: code } },
    request_id: requestId,
  };
}

/** The same error as the last event of a stream. `sent`: the last events delivered to its reader. */
export function anthropicErrorFrame(failure: Failure, requestId: string, sent?: Uint8Array): Uint8Array {
  return frameBehind(sent, writeEvent('error', JSON.stringify(anthropicError(failure, requestId))));
}
