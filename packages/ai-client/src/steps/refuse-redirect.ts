import { AiError } from '../errors.js';
import { singleHeader } from '../response-headers.js';
import type { UpstreamRequest, UpstreamResponse } from './transport.js';

/** Longest address shown in the error, characters. */
const maxShown = 200;

/**
 * Fails with `AI_RESPONSE_INVALID` for a redirect. Following it would send the provider's key to an arbitrary server, and passing it on
 * would make the caller's client bypass the pipeline.
 */
export function refuseRedirect(response: UpstreamResponse, { origin, path }: UpstreamRequest): void {
  const { status, headers } = response;
  if (status < 300 || status >= 400) return;
  const location = singleHeader(headers, 'location');
  const target = location === undefined ? null : URL.parse(location, origin + path);
  const to =
    target === null ? '' : ` with a redirect to ${(target.origin + target.pathname).slice(0, maxShown)}`;
  const error = new AiError('AI_RESPONSE_INVALID', `${origin} answered ${status}${to}.`, {
    hint: 'Set the base URL of the provider to where its API is.',
  });
  response.abort(error);
  throw error;
}
