import type { IncomingMessage } from 'node:http';
import { pathOf } from '../gateway/paths.js';

/** Routes that reveal nothing confidential. */
const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
export const sessionPath = '/api/session';

/**
 * Whether a request needs no authentication: the probes, the files of the dashboard, which contain code but no data, and the login itself.
 */
export function isOpen(request: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  const path = pathOf(request);
  const { method } = request;
  if (method === 'GET' || method === 'HEAD')
    return probes.has(path) || path === '/' || path === '/index.html' || path.startsWith('/assets/');
  return path === sessionPath && (method === 'POST' || method === 'DELETE');
}
