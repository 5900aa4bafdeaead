import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';

interface ErrorShape {
  /** `error.type` in OpenAI's format. */
  readonly type: string;
  /** `error.code` in OpenAI's format; null: use Anthropic's type, which is better than none. */
  readonly code: string | null;
  /** OpenAI's status for it, if it differs. */
  readonly status?: number;
}

/**
 * Anthropic's error types (its page on errors, and `ErrorType` of its SDK) in OpenAI's terms: exhausted credit is a `429
 * insufficient_quota` there, overload a 503.
 */
const errorShapes: Readonly<Record<string, ErrorShape>> = {
  invalid_request_error: { type: 'invalid_request_error', code: null },
  authentication_error: { type: 'authentication_error', code: 'invalid_api_key' },
  billing_error: { type: 'insufficient_quota', code: 'insufficient_quota', status: 429 },
  permission_error: { type: 'permission_error', code: null },
  not_found_error: { type: 'invalid_request_error', code: null },
  request_too_large: { type: 'invalid_request_error', code: null },
  conflict_error: { type: 'invalid_request_error', code: null },
  rate_limit_error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  timeout_error: { type: 'server_error', code: null },
  api_error: { type: 'server_error', code: null },
  overloaded_error: { type: 'server_error', code: null, status: 503 },
};

/** Cases that only the message of an error reveals, and that clients recognise by their code. */
const worded: readonly { readonly says: RegExp; readonly of: string; readonly shape: ErrorShape }[] = [
  {
    of: 'invalid_request_error',
    says: /prompt is too long|exceeds? (the )?context (limit|window)/i,
    shape: { type: 'invalid_request_error', code: 'context_length_exceeded' },
  },
  {
    of: 'invalid_request_error',
    says: /credit balance is too low/i,
    shape: { type: 'insufficient_quota', code: 'insufficient_quota', status: 429 },
  },
  {
    of: 'not_found_error',
    says: /^model\b/i,
    shape: { type: 'invalid_request_error', code: 'model_not_found' },
  },
];

/** An error response in OpenAI's format. */
export interface ChatErrorResponse {
  readonly status: number;
  readonly body: JsonObject;
}

/** Translates an error response. `body` is absent if it was not JSON, as from a proxy in between. */
export function messagesErrorToChat(status: number, body: JsonObject | undefined): ChatErrorResponse {
  const error = isJsonObject(body?.error) ? body.error : {};
  const shape = shapeOf(error, status);
  return {
    status: shape.status ?? status,
    body: { error: describe(error, shape, `The provider answered ${status}.`, body?.request_id) },
  };
}

/** Translates a stream's `error` event to the frame with which OpenAI ends a broken stream. */
export function errorEventToChat(event: JsonObject): JsonObject {
  const error = isJsonObject(event.error) ? event.error : {};
  return {
    error: describe(
      error,
      shapeOf(error, 500),
      'The provider ended its stream with an error.',
      event.request_id,
    ),
  };
}

function describe(
  error: JsonObject,
  shape: ErrorShape,
  otherwise: string,
  requestId: JsonValue | undefined,
): JsonObject {
  const { type, message, details } = error;
  const exactCode = isJsonObject(details) ? details.error_code : undefined;
  return {
    message: typeof message === 'string' ? message : otherwise,
    type: shape.type,
    param: null,
    code: shape.code ?? exactCode ?? type ?? null,
    ...(details === undefined || details === null ? {} : { details }),
    ...(typeof requestId === 'string' ? { request_id: requestId } : {}),
  };
}

function shapeOf({ type, message }: JsonObject, status: number): ErrorShape {
  const text = typeof message === 'string' ? message : '';
  const special = worded.find(({ of, says }) => of === type && says.test(text));
  if (special !== undefined) return special.shape;
  const known = typeof type === 'string' && Object.hasOwn(errorShapes, type) ? errorShapes[type] : undefined;
  return known ?? { type: status < 500 ? 'invalid_request_error' : 'server_error', code: null };
}
