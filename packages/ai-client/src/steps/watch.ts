import { AiError } from '../errors.js';
import type { Flight } from '../flight/flight.js';
import { parseJsonObject } from '../json.js';
import { readEvents } from '../sse/events.js';
import { SseFramer } from '../sse/framer.js';
import type { FoldedStream } from '../surfaces/adapter.js';
import { doneMarker } from '../surfaces/chat-fold.js';
import type { UpstreamResponse } from './transport.js';

/** Longest single event of a stream, bytes. */
export const maxEventBytes: number = 16 * 1024 * 1024;

/**
 * Passes a stream to the flight as whole events, and resolves when it has ended with the result of folding them. Fails with
 * `AI_STREAM_INCOMPLETE` if the stream ends before the provider marked the answer's end.
 */
export function watchStream(flight: Flight, response: UpstreamResponse): Promise<FoldedStream> {
  const framer = new SseFramer();
  const { status, headers } = response;
  flight.startStream({ status, headers }, response);
  // A caller that wants the answer as one body waits for the provider until the end of the stream.
  flight.waitBegins();
  return new Promise((resolve, reject) => {
    response.read({
      onData: (chunk) => {
        const group = framer.push(chunk);
        if (group !== undefined) flight.pushGroup(group);
        if (framer.pendingBytes > maxEventBytes) response.abort(oversizedEvent());
      },
      onEnd: () => {
        flight.waitEnds();
        try {
          resolve(foldedAtEnd(flight, framer.rest()));
        } catch (error) {
          reject(error as Error);
        }
      },
      onError: (error) => {
        flight.waitEnds();
        reject(error as Error);
      },
    });
  });
}

function foldedAtEnd(flight: Flight, rest: Uint8Array | undefined): FoldedStream {
  if (rest !== undefined && isWholeEvent(rest)) flight.pushGroup(rest);
  const folded = flight.log.folded();
  if (!folded.terminated && !folded.finished && folded.error === undefined) throw endedEarly();
  return folded;
}

/** Some servers close the connection right after the last event, without its blank line. A truncated event is discarded. */
function isWholeEvent(bytes: Uint8Array): boolean {
  const [event] = readEvents(bytes);
  if (event === undefined) return false;
  return event.data.trim() === doneMarker || parseJsonObject(event.data) !== undefined;
}

function endedEarly(): AiError {
  return new AiError(
    'AI_STREAM_INCOMPLETE',
    'The provider ended its stream before its answer was complete.',
    {
      hint: 'Ask again: nothing of the broken answer was stored.',
      retryable: true,
    },
  );
}

function oversizedEvent(): AiError {
  return new AiError(
    'AI_RESPONSE_TOO_LARGE',
    `An event of the stream is larger than ${maxEventBytes} bytes.`,
    {
      hint: 'Look at what the provider sends: no known model writes such events.',
    },
  );
}
