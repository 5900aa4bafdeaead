import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerLog } from '@ai-toolkit/usage/log';
import { pathOf } from './gateway/paths.js';
import type { AnsweredRequest } from './gateway/refuse.js';
import type { ProviderFailure } from './gateway/told-to.js';

const answered = 'server:request:answered';
const failed = 'server:provider:failed';

/** Logs each request that did not become a model call, and why providers failed. Returns a function that stops it. */
export function logRequests(log: ServerLog): () => void {
  const listener = (event: unknown): void => {
    const { request, requestId, status, code, key } = event as AnsweredRequest;
    log.request({
      requestId,
      method: request.method ?? '',
      path: pathOf(request),
      httpStatus: status,
      ...(code === undefined ? {} : { errorCode: code }),
      ...(key === undefined ? {} : { key: key.id, tenant: key.tenant }),
    });
  };
  const onFailed = (event: unknown): void => {
    const { requestId, reason } = event as ProviderFailure;
    log.warn('provider failed', { requestId, reason });
  };
  subscribe(answered, listener);
  subscribe(failed, onFailed);
  return () => {
    unsubscribe(answered, listener);
    unsubscribe(failed, onFailed);
  };
}
