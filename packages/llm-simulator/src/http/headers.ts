import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from '../api-error.js';

export const JSON_TYPE = 'application/json';
export const STREAM_TYPE = 'text/event-stream; charset=utf-8';

/** Anthropic's clients send `anthropic-version` with every request; it decides the format of errors and of the models list. */
export function dialectOf(headers: IncomingHttpHeaders): Dialect {
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}

/** The API key of a request, from either provider's header; empty without one. */
export function apiKeyOf(headers: IncomingHttpHeaders): string {
  const direct = headers['x-api-key'];
  if (typeof direct === 'string') return direct;
  const { authorization } = headers;
  return authorization?.startsWith('Bearer ') === true ? authorization.slice(7).trim() : '';
}

/** The headers that every provider response carries. */
export function standardHeaders(dialect: Dialect, requestId: string): Record<string, string> {
  return dialect === 'anthropic'
    ? { 'request-id': requestId, 'anthropic-organization-id': 'simulator' }
    : { 'x-request-id': requestId, 'openai-version': '2020-10-01', 'openai-organization': 'simulator' };
}
