import type { ExchangeRequest } from '../exchange.js';
import type { Pipeline } from '../pipeline.js';
import type { GenerationEvent } from './ai-client.js';
import { GenerationSink } from './generation-sink.js';

/**
 * Runs a streamed request and yields its events as they arrive. Leaving the loop aborts the exchange; a failure is thrown after the text
 * that preceded it.
 */
export async function* streamGeneration(
  pipeline: Pipeline,
  request: ExchangeRequest,
): AsyncGenerator<GenerationEvent> {
  const sink = new GenerationSink();
  const exchange = pipeline.exchange(request, sink);
  try {
    while (true) {
      const event = await sink.next(exchange);
      yield event;
      if (event.type === 'done') return;
    }
  } finally {
    exchange.abort(new Error('The reader left.'));
  }
}
