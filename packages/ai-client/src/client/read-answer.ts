import { AiError } from '../errors.js';
import type { ExchangeHead, ExchangeRequest } from '../exchange.js';
import { type JsonObject, parseJsonObject } from '../json.js';
import type { Pipeline } from '../pipeline.js';
import { providerError } from './provider-error.js';

export interface WholeAnswer {
  readonly head: ExchangeHead;
  readonly body: JsonObject;
}

/** Runs a request and reads its complete answer. */
export function readAnswer(
  pipeline: Pick<Pipeline, 'exchange'>,
  request: ExchangeRequest,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    let head: ExchangeHead;
    let bytes: Uint8Array = new Uint8Array();
    pipeline.exchange(request, {
      onHead: (received) => {
        head = received;
      },
      onData: (chunk) => {
        bytes = chunk;
        return true;
      },
      onEnd: () => {
        if (head.status >= 300) {
          reject(providerError(head, bytes));
          return;
        }
        const body = parseJsonObject(Buffer.from(bytes).toString());
        if (body === undefined) reject(notAnAnswer());
        else resolve({ head, body });
      },
      onError: reject,
    });
  });
}

function notAnAnswer(): AiError {
  return new AiError('AI_RESPONSE_INVALID', "The provider's answer is not a JSON object.", {
    hint: 'Check that the base URL is that of an API, not of a web page.',
  });
}
