import { AiError } from '../errors.js';
import type { UpstreamResponse } from './transport.js';

/** Reads the whole body of a response. Fails with `AI_RESPONSE_TOO_LARGE` beyond `maxBytes`. */
export function collect(response: UpstreamResponse, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    response.read({
      onData: (chunk) => {
        size += chunk.length;
        if (size <= maxBytes) {
          chunks.push(chunk);
          return;
        }
        chunks.length = 0;
        response.abort(
          new AiError('AI_RESPONSE_TOO_LARGE', `The provider's answer is larger than ${maxBytes} bytes.`, {
            hint: 'Ask for less, ask for a stream, or raise the limit of a body.',
          }),
        );
      },
      onEnd: () => resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)),
      onError: reject,
    });
  });
}
