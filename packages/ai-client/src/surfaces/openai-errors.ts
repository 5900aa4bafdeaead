import type { Failure } from '../failure.js';
import type { JsonObject } from '../json.js';

/** Error types of the OpenAI API by HTTP status, as used by its documentation and SDKs. */
const typeOfStatus: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** An error in the form of the OpenAI API. `code` is ours, so that scripts can tell our errors from the provider's. */
export function openaiError(failure: Failure, requestId: string): JsonObject {
  const fallback = failure.status >= 500 ? 'server_error' : 'invalid_request_error';
  return {
    error: {
      message: `${failure.message} ${failure.hint}`,
      type: typeOfStatus[failure.status] ?? fallback,
      param: null,
      code: failure.code,
      request_id: requestId,
    },
  };
}
