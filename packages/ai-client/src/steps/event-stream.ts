import { type ResponseHeaders, singleHeader } from '../response-headers.js';
import type { UpstreamResponse } from './transport.js';

export function isEventStream(headers: ResponseHeaders): boolean {
  return singleHeader(headers, 'content-type')?.toLowerCase().startsWith('text/event-stream') ?? false;
}

/** By so many bytes a stream of events has shown itself, a byte order mark and an empty line before the first event included. */
const tellingBytes = 16;
const beginning = /^\uFEFF?[\r\n]*(?:data|event|id|retry)?:/;

/**
 * The answer to a request for a stream that does not say it is one. Some servers call their events plain text, or nothing at all, which no SDK looks at: what
 * begins as a stream of events is one.
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
