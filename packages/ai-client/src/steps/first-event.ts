import { AiError } from '../errors.js';
import { BoundaryScanner } from '../sse/boundaries.js';
import { readEvents, type SseEvent } from '../sse/events.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { foldEvents } from '../surfaces/event-folder.js';
import { statusOfError } from './error-status.js';
import { ProviderRefusal } from './provider-refusal.js';
import type { UpstreamResponse } from './transport.js';

/** A first event longer than this is no error. Bytes. */
const longestErrorBytes = 64 * 1024;
const shortEventBytes = 1024;

/**
 * Waits for the first event of a stream. Some providers answer 200 and then tell in the first event that they are overloaded:
 * nobody has seen any of it yet, so it is taken for what it is, a refusal that may be tried again. Fails with it, or with
 * `AI_STREAM_INCOMPLETE` when the stream ends or breaks without any event.
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
  const { error } = first?.data.includes('error') ? foldEvents(adapter.createFolder(), [first]) : {};
  if (error === undefined) return;
  const refusal = new ProviderRefusal(
    statusOfError(error),
    { ...response.headers, 'content-type': 'application/json' },
    // In this form, the SDKs of both find it.
    Buffer.from(JSON.stringify({ type: 'error', error })),
  );
  response.abort(refusal);
  throw refusal;
}

/** How nearly every stream begins: with a short event that has data, and cannot be an error, as the word is not in it. */
function isPlainBeginning({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  const text = Buffer.from(buffer, byteOffset, Math.min(byteLength, shortEventBytes)).toString('latin1');
  const first = text.slice(0, text.indexOf('\n\n') + 1);
  return (first.startsWith('data: ') || first.startsWith('event: ')) && !first.includes('error');
}

/** The first event that is more than a comment; a provider that only sends comments so far is at work. */
function firstWithData(bytes: Uint8Array): SseEvent | undefined {
  let start = 0;
  for (let end = endOfEvent(bytes, start); end !== undefined; end = endOfEvent(bytes, start)) {
    const [event] = readEvents(bytes.subarray(start, end));
    if (event !== undefined || end === bytes.length) return event;
    start = end;
  }
  return undefined;
}

/** Where the event that begins at `start` ends; far behind, it is taken to end there. Nearly every one is short. */
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
