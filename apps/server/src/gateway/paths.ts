import type { IncomingMessage } from 'node:http';
import { type Surface, type SurfaceAdapter, surfaceAdapter } from '@ai-toolkit/ai-client';

/** The routes that go straight to the pipeline, past the framework. All of them are POST. */
export const modelPaths: ReadonlyMap<string, Surface> = new Map([
  ['/v1/chat/completions', 'chat'],
  ['/v1/responses', 'responses'],
  ['/v1/messages', 'messages'],
  ['/v1/embeddings', 'embeddings'],
]);

/** Counts tokens; in the words of the Messages API, and no call to a model. */
export const countPath = '/v1/messages/count_tokens';

/** Who takes us for a proxy names the whole URL, which a server has to understand (RFC 9112, section 3.2.2): what counts is its path. */
export function takeWholeUrl(request: Pick<IncomingMessage, 'url'>): void {
  const { url = '/' } = request;
  if (!url.startsWith('/')) request.url = url.replace(/^https?:\/\/[^/?]*\/?/i, '/');
}

/** The path of a request, without its query. */
export function pathOf({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** The wire format of a request's errors: that of its route; OpenAI's where it has none, unless its sender speaks as to Anthropic. */
export function errorSurface(request: Pick<IncomingMessage, 'url' | 'headers'>): SurfaceAdapter {
  const path = pathOf(request);
  const surface = modelPaths.get(path);
  if (surface !== undefined) return surfaceAdapter(surface);
  const isAnthropic = path === countPath || (path.startsWith('/v1/') && speaksAnthropic(request));
  return surfaceAdapter(isAnthropic ? 'messages' : 'chat');
}

/** The SDKs of Anthropic send it with everything. */
export function speaksAnthropic({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['anthropic-version'] !== undefined;
}
