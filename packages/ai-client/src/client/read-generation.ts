import { AiError } from '../errors.js';
import type { ExchangeHead, ExchangeRequest } from '../exchange.js';
import { isJsonObject, type JsonObject, jsonObjects, parseJsonObject } from '../json.js';
import type { Pipeline } from '../pipeline.js';
import { chatUsage } from '../surfaces/chat-judge.js';
import type { Generation } from './ai-client.js';
import { providerError } from './provider-error.js';

/** Runs a request and reads its answer as a whole. */
export function readGeneration(pipeline: Pipeline, request: ExchangeRequest): Promise<Generation> {
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
        const body = parseJsonObject(Buffer.from(bytes).toString());
        if (head.status >= 300) reject(providerError(head, body));
        else if (body === undefined) reject(notAnAnswer());
        else resolve(toGeneration(head, body));
      },
      onError: reject,
    });
  });
}

/** A chat completion as a generation: the text of its first choice. */
export function toGeneration({ cache, key }: ExchangeHead, body: JsonObject): Generation {
  const choice = jsonObjects(body.choices)[0];
  const message = isJsonObject(choice?.message) ? choice.message : {};
  const usage = chatUsage(body);
  const text = typeof message.content === 'string' ? message.content : message.refusal;
  return {
    text: typeof text === 'string' ? text : '',
    model: typeof body.model === 'string' ? body.model : '',
    cache,
    ...(typeof choice?.finish_reason === 'string' ? { finishReason: choice.finish_reason } : {}),
    ...(usage === undefined ? {} : { usage }),
    ...(key === undefined ? {} : { key }),
  };
}

function notAnAnswer(): AiError {
  return new AiError('AI_RESPONSE_INVALID', "The provider's answer is not a JSON object.", {
    hint: 'Check that the base URL is that of an API, not of a web page.',
  });
}
