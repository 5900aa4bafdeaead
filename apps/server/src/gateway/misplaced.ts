import type { IncomingMessage } from 'node:http';
import type { Failure } from '@ai-toolkit/ai-client';
import { countPath, modelPaths, pathOf } from './paths.js';

/** Longest path shown in the message, characters. */
const maxShown = 200;

/**
 * The refusal of a path that results from a wrong base URL: one that lacks `/v1`, repeats it, or ends with a slash. Checked before
 * authentication, so that the client learns of this mistake first.
 */
export function misplaced(request: Pick<IncomingMessage, 'method' | 'url'>): Failure | undefined {
  const path = pathOf(request);
  const isTwice = path.startsWith('/v1/v1/');
  const tidy = path.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  const meant = isTwice ? path.slice('/v1'.length) : tidy === path ? `/v1${path}` : tidy;
  if (!modelPaths.has(meant) && meant !== countPath && meant !== '/v1/models') return undefined;
  return {
    code: 'NOT_FOUND',
    status: 404,
    message: `There is no ${request.method} ${path.slice(0, maxShown)} here, but ${meant}.`,
    hint: `Let the base URL of the client end ${isTwice ? 'without /v1' : tidy === path ? 'with /v1' : 'without a slash'}.`,
  };
}
