import type { JsonObject } from '../json.js';

/** HTTP statuses of the error types that OpenAI and Anthropic document. */
const statusOfType: Readonly<Record<string, number>> = {
  api_error: 500,
  authentication_error: 401,
  billing_error: 402,
  insufficient_quota: 429,
  invalid_request_error: 400,
  not_found_error: 404,
  overloaded_error: 529,
  permission_error: 403,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  request_too_large: 413,
  server_error: 500,
  timeout_error: 504,
};

const errorStatus = /^[45]\d\d$/;

/** The status that a provider would have sent, had it not sent 200: the one for the error inside, or 502 for an unknown error. */
export function statusOfError({ type, code }: JsonObject): number {
  for (const name of [code, type]) {
    // OpenRouter and vLLM use the HTTP status as the code, some servers as a string.
    if (errorStatus.test(String(name))) return Number(name);
    if (typeof name === 'string' && Object.hasOwn(statusOfType, name)) return statusOfType[name] ?? 502;
  }
  return 502;
}
