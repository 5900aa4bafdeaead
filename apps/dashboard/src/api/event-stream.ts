import { ApiError } from './api-error.js';
import { send } from './client.js';

/** One server-sent event. */
export interface StreamEvent {
  /** `message` if the server gave none. */
  readonly event: string;
  readonly data: string;
}

/**
 * Sends a POST request and yields the events of the response as they arrive, as `EventSource` does for GET. Leaving the loop, or
 * `signal`, ends the request. Throws an `ApiError` if the response is an error, or breaks off.
 */
export async function* postForEvents(
  path: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent, void, void> {
  const left = new AbortController();
  const ended = AbortSignal.any([signal, left.signal]);
  const response = await send('POST', path, body, 'text/event-stream', ended);
  if (response.body === null) return;
  const parser = createEventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser(value);
    }
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw new ApiError('unreachable', 'The answer broke off: the connection to the server was lost.');
  } finally {
    left.abort();
  }
}

/** An incremental parser: takes text split anywhere, and returns the events completed by it. Lines may end with LF, CR LF or CR. */
export function createEventParser(): (text: string) => readonly StreamEvent[] {
  let rest = '';
  let event = '';
  let data: string[] = [];
  return (text) => {
    const events: StreamEvent[] = [];
    rest += text;
    // A CR at the end may be the first half of a CR LF.
    const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + rest.slice(whole.length);
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n') });
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const name = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'event') event = value;
      else if (name === 'data') data.push(value);
    }
    return events;
  };
}
