import { formatReset } from '../limits/headers.js';
import type { RetryAfterStyle } from './fault.js';

const DEFAULT_RETRY_AFTER_MS = 1_000;

/** The headers that tell a client to wait `waitMs`, in each of the styles. `now` is in epoch ms. */
export function retryHeaders(
  styles: readonly RetryAfterStyle[],
  waitMs: number | undefined,
  now: number,
): Record<string, string> {
  const wait = waitMs ?? DEFAULT_RETRY_AFTER_MS;
  const headers: Record<string, string> = {};
  for (const style of styles) {
    switch (style) {
      case 'seconds':
        headers['retry-after'] = String(Math.ceil(wait / 1_000));
        break;
      case 'date':
        headers['retry-after'] = new Date(now + wait).toUTCString();
        break;
      case 'ms':
        headers['retry-after-ms'] = String(wait);
        break;
      case 'x-ms':
        headers['x-ms-retry-after-ms'] = String(wait);
        break;
      case 'openai':
        headers['x-ratelimit-remaining-requests'] = '0';
        headers['x-ratelimit-reset-requests'] = formatReset(wait);
        break;
      case 'anthropic':
        headers['anthropic-ratelimit-requests-remaining'] = '0';
        headers['anthropic-ratelimit-requests-reset'] = new Date(now + wait).toISOString();
        break;
      case 'none':
        break;
    }
  }
  return headers;
}
