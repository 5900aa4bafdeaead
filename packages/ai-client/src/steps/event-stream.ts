import { type ResponseHeaders, singleHeader } from '../response-headers.js';
import type { UpstreamResponse } from './transport.js';

export function isEventStream(headers: ResponseHeaders): boolean {
  return singleHeader(headers, 'content-type')?.toLowerCase().startsWith('text/event-stream') ?? false;
}

/** Bytes needed to recognise an event stream, including a byte order mark and an empty line before the first event. */
const tellingBytes = 16;
const beginning = /^\uFEFF?[\r\n]*(?:data|event|id|retry)?:/;

/**
 * Recognises an event stream by its beginning, for a stream request answered with another content type: some servers send `text/plain` or
 * no type at all, which SDKs ignore.
 */
export async function asEventStream(response: UpstreamResponse): Promise<UpstreamResponse> {
  const { status, headers } = response;
  if (status >= 300) return response;
  const first = await response.peek((arrived) => arrived.length >= tellingBytes);
  if (!beginning.test(Buffer.from(first.subarray(0, tellingBytes)).toString())) return response;
  return {
    status,
    headers: { ...headers, 'content-type': 'text/event-stream' },
    peek: (enough) => response.peek(enough),
    read: (reader) => response.read(reader),
    pause: () => response.pause(),
    resume: () => response.resume(),
    abort: (reason) => response.abort(reason),
  };
}
