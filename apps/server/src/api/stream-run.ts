import type { ServerResponse } from 'node:http';
import { surfaceAdapter } from '@ai-toolkit/ai-client';
import type { FastifyReply } from 'fastify';
import { apiFailure } from './api-failure.js';
import { drained } from './drained.js';

/** An event of a run, as far as this module needs to know it. */
interface RunEvent {
  readonly type: string;
  readonly error?: unknown;
}

/**
 * Streams the events of a run as server-sent events, followed by `end`. A failure before the first event is an ordinary error response;
 * a later one is the event `failed`. A client that leaves ends the run, as does `ending`. A slow client slows the run (back-pressure).
 */
export async function streamRun(
  reply: FastifyReply,
  ending: AbortSignal,
  start: (signal: AbortSignal) => AsyncGenerator<RunEvent, void, void>,
): Promise<void> {
  const { raw } = reply;
  const left = new AbortController();
  const onClose = (): void => {
    if (!raw.writableFinished) left.abort(new Error('The client left.'));
  };
  raw.on('close', onClose);
  const events = start(AbortSignal.any([left.signal, ending]));
  // A refusal before the run has begun still gets its own status.
  const first = await events.next();
  if (!first.done && first.value.type === 'failed') {
    await events.return();
    throw first.value.error;
  }
  reply.hijack();
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': reply.request.id,
  });
  let hasFailed = false;
  const send = (event: RunEvent): Promise<void> => {
    hasFailed ||= event.type === 'failed';
    return write(raw, event, reply.request.id);
  };
  try {
    if (!first.done) await send(first.value);
    for await (const event of events) await send(event);
    raw.end('event: end\ndata: {"ok":true}\n\n');
  } catch (error) {
    // A client that has left gets nothing.
    if (raw.destroyed) return;
    // A stage reports its failure before the run throws it; a run that breaks between stages does not.
    if (!hasFailed) await send({ type: 'failed', error });
    raw.end('event: end\ndata: {"ok":false}\n\n');
  }
}

async function write(raw: ServerResponse, event: RunEvent, requestId: string): Promise<void> {
  const { error, ...facts } = event;
  const told =
    event.type === 'failed'
      ? { ...facts, ...surfaceAdapter('chat').errorBody(apiFailure(error), requestId) }
      : facts;
  if (raw.destroyed || raw.write(`event: ${event.type}\ndata: ${JSON.stringify(told)}\n\n`)) return;
  await drained(raw);
}
