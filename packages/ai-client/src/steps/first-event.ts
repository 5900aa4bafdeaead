import { AiError } from '../errors.js';
import { BoundaryScanner } from '../sse/boundaries.js';
import { readEvents, type SseEvent } from '../sse/events.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { foldEvents } from '../surfaces/event-folder.js';
import { statusOfError } from './error-status.js';
import { ProviderRefusal } from './provider-refusal.js';
import type { UpstreamResponse } from './transport.js';

/** A first event longer than this is not an error. Bytes. */
const longestErrorBytes = 64 * 1024;
const shortEventBytes = 1024;

/**
 * Waits for the first event of a stream. Some providers send 200 and then, as the first event, an overload error. No caller has seen any of
 * it yet, so it is treated as a refusal that may be retried. Fails with that refusal, or with `AI_STREAM_INCOMPLETE` if the stream ends or
 * breaks without any event.
 */
export async function firstEvent(response: UpstreamResponse, adapter: SurfaceAdapter): Promise<void> {
  let beginsWell = false;
  const bytes = await response.peek((arrived) => {
    beginsWell = isPlainBeginning(arrived);
    return beginsWell || endOfEvent(arrived, 0) !== undefined;
  });
  if (beginsWell) return;
  if (bytes.length === 0) throw endedEmpty();
  const first = firstWithData(bytes);
  if (first === undefined || !(first.event === 'error' || first.data.includes('error'))) return;
  const { error } = foldEvents(adapter.createFolder(), [first]);
  if (error === undefined) return;
  const refusal = new ProviderRefusal(
    statusOfError(error),
    { ...response.headers, 'content-type': 'application/json' },
    // The SDKs of both OpenAI and Anthropic understand this form.
    Buffer.from(JSON.stringify({ type: 'error', error })),
  );
  response.abort(refusal);
  throw refusal;
}

/** Fast path for nearly every stream: a short first event with data that does not contain the word "error". */
function isPlainBeginning({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  const text = Buffer.from(buffer, byteOffset, Math.min(byteLength, shortEventBytes)).toString('latin1');
  const first = text.slice(0, text.indexOf('\n\n') + 1);
  return (first.startsWith('data: ') || first.startsWith('event: ')) && !first.includes('error');
}

/** The first event that is not just a comment; a provider that has only sent comments so far is still working. */
function firstWithData(bytes: Uint8Array): SseEvent | undefined {
  let start = 0;
  for (let end = endOfEvent(bytes, start); end !== undefined; end = endOfEvent(bytes, start)) {
    const [event] = readEvents(bytes.subarray(start, end));
    if (event !== undefined || end === bytes.length) return event;
    start = end;
  }
  return undefined;
}

/** End of the event that begins at `start`; capped at `longestErrorBytes`. Tries a short window first, since most events are short. */
function endOfEvent(bytes: Uint8Array, start: number): number | undefined {
  for (const length of [shortEventBytes, longestErrorBytes]) {
    const [end] = new BoundaryScanner().scan(bytes.subarray(start, start + length));
    if (end !== undefined) return start + end;
  }
  return bytes.length - start >= longestErrorBytes ? start + longestErrorBytes : undefined;
}

function endedEmpty(): AiError {
  return new AiError('AI_STREAM_INCOMPLETE', 'The provider ended its stream without a single event.', {
    hint: 'Ask again: nothing was stored.',
    retryable: true,
  });
}
