import type { IncomingMessage } from 'node:http';
import { type Surface, type SurfaceAdapter, surfaceAdapter } from '@ai-toolkit/ai-client';

/** The routes that bypass the framework and go straight to the pipeline. All are POST. */
export const modelPaths: ReadonlyMap<string, Surface> = new Map([
  ['/v1/chat/completions', 'chat'],
  ['/v1/responses', 'responses'],
  ['/v1/messages', 'messages'],
  ['/v1/embeddings', 'embeddings'],
]);

/** Counts tokens, in the format of the Messages API. Not a model call. */
export const countPath = '/v1/messages/count_tokens';

/** Whether requests to this path bypass the framework, if they are POST. */
export function isModelPath(path: string): boolean {
  return modelPaths.has(path) || path === countPath;
}

/** Reduces an absolute-form target, which clients send to proxies and every server must accept (RFC 9112, 3.2.2), to its path. */
export function takeWholeUrl(request: Pick<IncomingMessage, 'url'>): void {
  const { url = '/' } = request;
  if (!url.startsWith('/')) request.url = url.replace(/^https?:\/\/[^/?]*\/?/i, '/');
}

/** The path of a request, without its query. */
export function pathOf({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** The wire format of a request's errors: that of its route, otherwise OpenAI's, or Anthropic's for its clients below `/v1/`. */
export function errorSurface(request: Pick<IncomingMessage, 'url' | 'headers'>): SurfaceAdapter {
  const path = pathOf(request);
  const surface = modelPaths.get(path);
  if (surface !== undefined) return surfaceAdapter(surface);
  const isAnthropic = path === countPath || (path.startsWith('/v1/') && speaksAnthropic(request));
  return surfaceAdapter(isAnthropic ? 'messages' : 'chat');
}

/** Anthropic's SDKs send this header with every request. */
export function speaksAnthropic({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['anthropic-version'] !== undefined;
}
